import EventLoop
import HTTPClient
import HTTPTesting
import Runtime
import Testing

@Suite("A circuit breaker")
struct CircuitBreakerTests {
    private static let policy = CircuitBreaker.Policy(
        failures: 3, pause: .seconds(1), longestPause: .seconds(4), trialTime: .seconds(10))
    private let start = ContinuousClock.now

    /// A breaker that has just opened, at `start`.
    private func opened() -> CircuitBreaker {
        var breaker = CircuitBreaker(Self.policy)
        for _ in 0..<3 { fail(&breaker, at: start) }
        return breaker
    }

    private func permit(_ breaker: inout CircuitBreaker, at time: ContinuousClock.Instant) -> CircuitBreaker.Permit? {
        if case .permitted(let permit) = breaker.admit(at: time) { permit } else { nil }
    }

    private func fail(_ breaker: inout CircuitBreaker, at time: ContinuousClock.Instant) {
        guard let permit = permit(&breaker, at: time) else { return }
        breaker.record(.failure, for: permit, at: time)
    }

    @Test("opens after consecutive failures, and a success in between starts the count again")
    func opens() throws {
        var breaker = CircuitBreaker(Self.policy)
        for _ in 0..<2 { fail(&breaker, at: start) }
        let good = try #require(permit(&breaker, at: start))
        breaker.record(.success, for: good, at: start)
        for _ in 0..<2 { fail(&breaker, at: start) }
        #expect(breaker.state == .closed)
        fail(&breaker, at: start)
        #expect(breaker.state == .open)
        #expect(breaker.admit(at: start + .milliseconds(400)) == .refused(retryAfter: .milliseconds(600)))
    }

    @Test("after the pause one call is permitted, and no second one while it runs")
    func trial() {
        var breaker = opened()
        #expect(permit(&breaker, at: start + .seconds(1)) != nil)
        #expect(breaker.state == .halfOpen)
        #expect(permit(&breaker, at: start + .seconds(2)) == nil)
    }

    @Test("a trial that succeeds closes it")
    func success() throws {
        var breaker = opened()
        let trial = try #require(permit(&breaker, at: start + .seconds(1)))
        breaker.record(.success, for: trial, at: start + .seconds(2))
        #expect(breaker.state == .closed && breaker.isPristine)
    }

    @Test("each trial that fails doubles the pause, up to the longest")
    func doubling() {
        var (breaker, now) = (opened(), start)
        for pause in [1, 2, 4, 4] {
            #expect(permit(&breaker, at: now + .seconds(pause) - .milliseconds(1)) == nil)
            now += .seconds(pause)
            fail(&breaker, at: now)
            #expect(breaker.state == .open)
        }
    }

    @Test("a trial that says nothing about the peer is followed by another after the same pause")
    func undecided() throws {
        var breaker = opened()
        let trial = try #require(permit(&breaker, at: start + .seconds(1)))
        breaker.record(.undecided, for: trial, at: start + .seconds(1))
        #expect(breaker.state == .open)
        #expect(permit(&breaker, at: start + .milliseconds(1900)) == nil)
        #expect(permit(&breaker, at: start + .seconds(2)) != nil)
    }

    @Test("a trial that never ends is taken for lost, and its late verdict is ignored")
    func lostTrial() throws {
        var breaker = opened()
        let lost = try #require(permit(&breaker, at: start + .seconds(1)))
        #expect(permit(&breaker, at: start + .seconds(10)) == nil)
        #expect(permit(&breaker, at: start + .seconds(11)) != nil)
        breaker.record(.success, for: lost, at: start + .seconds(12))
        #expect(breaker.state == .halfOpen)
    }

    @Test("calls from before it opened do not change it")
    func late() throws {
        var breaker = CircuitBreaker(Self.policy)
        let early = try #require(permit(&breaker, at: start))
        for _ in 0..<3 { fail(&breaker, at: start) }
        breaker.record(.success, for: early, at: start)
        #expect(breaker.state == .open)
    }

    @Test("any sequence of endings leaves it usable, with at most one trial at a time", arguments: 0..<20)
    func random(_ seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        var (breaker, now, running) = (CircuitBreaker(Self.policy), start, [CircuitBreaker.Permit]())
        for _ in 0..<2000 {
            now += .milliseconds(Int.random(in: 0...700, using: &generator))
            let before = breaker.state
            if let permit = permit(&breaker, at: now) {
                #expect(before == .closed || breaker.state == .halfOpen)
                running.append(permit)
            }
            if !running.isEmpty, Bool.random(using: &generator) {
                let permit = running.remove(at: .random(in: running.indices, using: &generator))
                let verdict = [CircuitBreaker.Verdict.success, .failure, .undecided].randomElement(using: &generator)
                breaker.record(verdict ?? .failure, for: permit, at: now)
            }
        }
        #expect(permit(&breaker, at: now + .seconds(60)) != nil)
    }
}

@Suite("Circuit breakers by key")
struct CircuitBreakersTests {
    private static let policy = CircuitBreaker.Policy(
        failures: 2, pause: .seconds(1), longestPause: .seconds(4), trialTime: .seconds(10))

    @EventLoop private final class Clock {
        var now = ContinuousClock.now
        nonisolated init() {}
    }

    @EventLoop private func breakers(_ clock: Clock, limit: Int = 10) -> CircuitBreakers<String> {
        CircuitBreakers("terminal", policy: Self.policy, limit: limit, metrics: MetricsRegistry()) { clock.now }
    }

    @Test("one key's failures do not stop another's calls")
    @EventLoop func keys() async {
        let breakers = breakers(Clock())
        for _ in 0..<2 { _ = await breakers.call("a") { .unknown(.deadline) } }
        #expect(await breakers.call("a") { .unknown(.deadline) }.summary == "notSent circuitOpen")
        #expect(await breakers.call("b") { .unknown(.deadline) }.summary == "unknown deadline")
    }

    @Test("a trial that is cancelled does not leave the circuit half-open")
    @EventLoop func cancelled() async {
        let clock = Clock()
        let breakers = breakers(clock)
        await ScriptedPeer.with({ connection in
            _ = connection.request()
            connection.waitForClose()
        }) { peer in
            await HTTPClient.with { client in
                for _ in 0..<2 { _ = await breakers.call("a") { .unknown(.deadline) } }
                clock.now += .seconds(1)
                let trial = EventLoop.start {
                    await breakers.call("a") { await client.attempt(peer.url, within: .seconds(60)) }
                }
                while peer.requests.isEmpty { await Task.yield() }
                #expect(breakers.state(of: "a") == .halfOpen)
                trial.cancel()
                #expect(await trial.value.summary == "unknown cancelled")
                #expect(breakers.state(of: "a") == .open)
                clock.now += .seconds(1)
                _ = await breakers.call("a") { await client.attempt(peer.url, within: .milliseconds(50)) }
                #expect(breakers.state(of: "a") == .open)
            }
        }
    }

    @Test("remembers only keys with failures, and no more than its limit")
    @EventLoop func bounded() async {
        let clock = Clock()
        let breakers = breakers(clock, limit: 3)
        for key in 0..<100 {
            clock.now += .milliseconds(1)
            _ = await breakers.call("good \(key)") { .answered(HTTPResponse(status: 204)) }
            #expect(breakers.count == 0)
        }
        for key in 0..<100 {
            clock.now += .milliseconds(1)
            _ = await breakers.call("bad \(key)") { .unknown(.connectionLost) }
        }
        #expect(breakers.count == 3)
    }
}

extension HTTPResponse {
    init(status: Int) { self.init(status: status, headers: [], body: []) }
}

private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
