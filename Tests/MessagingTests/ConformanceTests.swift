import EventLoop
import GuichetProtocol
import Postgres
import PostgresTesting
import Primitives
import SchedulingTesting
import Tenancy
import Testing

@testable import Messaging

/// Random stories on a real broker: events in any order and repeated, processes that die after their commit, sessions that
/// are cut, facts that cannot be handled and are replayed. `make chaos` plays more of them.
@Suite("What listeners are promised", .serialized)
struct ConformanceTests {
    private static let versions = 1...9

    @Test("every fact is handled once, in the order of its aggregate", arguments: FactBench.seeds)
    func facts(seed: Int) async throws {
        try await play(.everyFact, seed) { bench, aggregates in
            for aggregate in aggregates {
                let entries = try await bench.entries()["appointment/\(aggregate)"]
                #expect(entries == Self.versions.filter { $0 % 3 != 0 }, "seed \(seed), \(aggregate)")
            }
            #expect(try await bench.data.query("SELECT 1 FROM held_facts").isEmpty, "seed \(seed)")
        }
    }

    @Test("the newest state is handled once, and none after a newer one", arguments: FactBench.seeds)
    func states(seed: Int) async throws {
        try await play(.newestState, seed) { bench, aggregates in
            for aggregate in aggregates {
                let entries = try #require(try await bench.entries()["appointment/\(aggregate)"])
                #expect(entries == Array(Set(entries)).sorted(), "seed \(seed), \(aggregate)")
                #expect(entries.last == 8, "seed \(seed), \(aggregate)")
            }
        }
    }

    private func play(
        _ taking: Subscription.Taking, _ seed: Int,
        _ check: @EventLoop (FactBench, [String]) async throws -> Void
    ) async throws {
        try await FactBench.with(taking) { bench in
            var chance = SeededGenerator(seed: seed)
            let aggregates = (0..<10).map { "seed\(seed)-\($0)" }
            for aggregate in aggregates where chance.once(in: 4) {
                let version = chance.pick([1, 2, 4, 5, 7])
                try await bench.data.query("INSERT INTO poison VALUES (\("appointment/" + aggregate), \(version))")
            }
            var forgetful = SeededGenerator(seed: seed + 1)
            let forgets: @EventLoop () -> Bool = { forgetful.once(in: 8) }
            let first = try await FactBench.Listener(on: bench, forgets: forgets)
            var second = try await FactBench.Listener(on: bench, forgets: forgets)
            let events = try aggregates.flatMap { aggregate in
                try Self.versions.map { try FactBench.event(aggregate, $0) }
            }
            let story = (events + events.filter { _ in chance.once(in: 3) }).shuffled(using: &chance)
            let third = story.count / 3
            try await bench.deliver(Array(story[..<third]))
            await second.stop()
            try await bench.deliver(Array(story[third..<(2 * third)]))
            second = try await FactBench.Listener(on: bench, forgets: forgets)
            if chance.once(in: 2) {
                try await bench.database.admitSessions(false)
                try await bench.database.admitSessions(true)
            }
            try await bench.deliver(Array(story[(2 * third)...]))
            try await finish(bench, aggregates.count, taking, [first, second])
            try await check(bench, aggregates)
            await first.stop()
            await second.stop()
        }
    }

    /// Cures what is poison and replays what was parked, until everything is handled.
    @EventLoop private func finish(
        _ bench: FactBench, _ count: Int, _ taking: Subscription.Taking, _ listeners: [FactBench.Listener]
    ) async throws {
        let poisoned = try await bench.data.query("SELECT 1 FROM poison").count
        if poisoned > 0 && taking == .everyFact {
            try await bench.wait { try await bench.parked.list(limit: 100).count >= poisoned }
        }
        try await bench.data.query("DELETE FROM poison")
        // Of types without a subscription only facts count.
        let last = taking == .everyFact ? 9 : 8
        try await bench.wait {
            _ = try await bench.parked.replay(limit: 100)
            for listener in listeners { await listener.sweep() }
            let done = try await bench.data.query(
                "SELECT count(*) AS done FROM inbox WHERE version = \(last)")
            return try done[0].get("done") == count
        }
    }
}
