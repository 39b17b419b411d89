import Primitives
import SchedulingTesting
import Testing
import WaitingLine

@Suite("The pace of visits")
struct PaceTests {
    private let now = Instant(seconds: 1_800_000_000)

    private func samples(_ minutes: [Int], age: Int = 600) -> [VisitSample] {
        minutes.map { VisitSample(ended: now - .seconds(age), seconds: $0 * 60) }
    }

    @Test("is unknown below three samples")
    func tooFew() {
        #expect(Pace(samples([10, 11]), expected: 600, at: now) == nil)
        #expect(Pace(samples([10, 11, 12]), expected: nil, at: now)?.typicalSeconds == 660)
    }

    @Test("does not count visits of another day")
    func oldSamples() {
        #expect(Pace(samples([10, 11, 12], age: 13 * 3600), expected: nil, at: now) == nil)
    }

    @Test("is not moved by visits that were never ended or ended at once", arguments: 0..<20)
    func outliers(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let usual = samples((0..<12).map { _ in random.int(8...12) })
        let mistakes = [7 * 3600, 9 * 3600, 3, 1].map { VisitSample(ended: now, seconds: $0) }
        let pace = try #require(Pace((usual + mistakes).shuffled(using: &random), expected: nil, at: now))
        #expect((480...720).contains(pace.typicalSeconds) && (480...720).contains(pace.slowSeconds))
    }

    @Test("follows the last hour when visits become longer")
    func decay() throws {
        let old = samples(Array(repeating: 5, count: 8), age: 4 * 3600)
        let pace = try #require(Pace(old + samples([15, 15, 16, 15]), expected: nil, at: now))
        #expect(pace.typicalSeconds == 900)
    }

    @Test("has a slow visit that is no shorter than a typical one", arguments: 0..<20)
    func order(seed: Int) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let samples = (0..<random.int(3...30)).map { _ in
                VisitSample(ended: now - .seconds(random.int(0...40_000)), seconds: random.int(1...5000))
            }
            let pace = Pace(samples, expected: random.once(in: 2) ? random.int(60...3600) : nil, at: now)
            #expect(pace.map { $0.slowSeconds >= $0.typicalSeconds && $0.typicalSeconds > 0 } ?? false)
        }
    }
}

@Suite("The expected wait")
struct WaitForecastTests {
    private let now = Instant(seconds: 1_800_000_000)

    @Test("is unknown without a counter in service")
    func noCounter() {
        let pace = Pace(typicalSeconds: 600, slowSeconds: 900, samples: 5)
        #expect(WaitForecast(pace, busySince: [], at: now).wait(rank: 0) == nil)
    }

    @Test("of the next ticket is nothing at a free counter, and the rest of the visit at a busy one")
    func next() {
        let pace = Pace(typicalSeconds: 600, slowSeconds: 900, samples: 5)
        #expect(WaitForecast(pace, busySince: [now, nil], at: now).wait(rank: 0) == WaitEstimate(from: 0, to: 0))
        let busy = WaitForecast(pace, busySince: [now - .seconds(240)], at: now)
        #expect(busy.wait(rank: 0) == WaitEstimate(from: 6, to: 11))
        let overdue = WaitForecast(pace, busySince: [now - .seconds(5000)], at: now)
        #expect(overdue.wait(rank: 0) == WaitEstimate(from: 2, to: 8))
    }

    @Test("equals a simulation of the counters, ticket by ticket", arguments: 0..<20)
    func simulation(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let pace = Pace(typicalSeconds: random.int(30...3600), slowSeconds: 5000, samples: 9)
            let busy = (0..<random.int(1...8)).map { _ in
                random.once(in: 3) ? nil : now - .seconds(random.int(0...4000))
            }
            let forecast = WaitForecast(pace, busySince: busy, at: now)
            let typical = Double(pace.typicalSeconds)
            var free = busy.map { since in
                since.map { max(typical / 4, typical - Double((now - $0).components.seconds)) } ?? 0
            }
            var before = WaitEstimate(from: 0, to: 0)
            for rank in 0..<40 {
                let counter = try #require(free.indices.min { free[$0] < free[$1] })
                let wait = try #require(forecast.wait(rank: rank))
                #expect(wait.from == Int((free[counter] / 60).rounded(.down)))
                #expect(wait.from >= before.from && wait.to >= wait.from)
                free[counter] += typical
                before = wait
            }
        }
    }
}
