import EventLoop
import GuichetProtocol
import Postgres
import PostgresTesting
import Primitives
import Tenancy
import Testing

@testable import Messaging

@Suite("Replays and generations")
struct ReplayTests {
    @Test("a service that is installed later hears every fact from the first version on")
    func later() async throws {
        try await FactBench.with(.everyFact) { bench in
            let booking = try await Publisher(on: bench)
            for version in 1...5 { try await booking.record("a", version) }
            try await booking.loseAll()
            let listener = try await FactBench.Listener(on: bench)
            try await bench.wait {
                await listener.sweep()
                await booking.sweep()
                return try await bench.entries()["appointment/a"] == [1, 2, 4, 5]
            }
            // A second one asks no more.
            await listener.sweep()
            #expect(try await bench.data.query("SELECT 1 FROM outbox").count == 1)
            await listener.stop()
            await booking.stop()
        }
    }

    @Test("a history of which the outbox has lost the beginning begins with a recorded version")
    func baseline() async throws {
        try await FactBench.with(.everyFact) { bench in
            let booking = try await Publisher(on: bench)
            for version in 1...5 { try await booking.record("a", version) }
            try await booking.loseAll()
            try await booking.data.query("DELETE FROM outbox WHERE version < 4")
            let listener = try await FactBench.Listener(on: bench)
            try await bench.wait {
                await listener.sweep()
                await booking.sweep()
                return try await bench.entries()["appointment/a"] == [4, 5]
            }
            #expect(try await Self.baselines(bench) == [4])
            await listener.stop()
            await booking.stop()
        }
    }

    @Test("facts that were lost are sent again, or their absence is recorded")
    func lost() async throws {
        try await FactBench.with(.everyFact) { bench in
            let booking = try await Publisher(on: bench)
            let listener = try await FactBench.Listener(on: bench)
            await listener.sweep()
            for aggregate in ["a", "b"] { for version in 1...2 { try await booking.record(aggregate, version) } }
            try await booking.relay()
            try await bench.wait { try await bench.isHandled(["a", "b"], 2) }
            // The broker loses two of each; of "b" the publisher no longer has them.
            for aggregate in ["a", "b"] { for version in 3...5 { try await booking.record(aggregate, version) } }
            try await booking.data.query("UPDATE outbox SET published_at = now() WHERE version IN (3, 4)")
            try await booking.data.query("DELETE FROM outbox WHERE aggregate = 'appointment/b' AND version < 5")
            try await booking.relay()
            try await bench.wait { try await bench.data.query("SELECT 1 FROM held_facts").count == 2 }
            try await bench.data.query("UPDATE held_facts SET held_at = now() - interval '2 minutes'")
            try await bench.wait {
                await listener.sweep()
                await booking.sweep()
                return try await bench.data.query("SELECT 1 FROM held_facts").isEmpty
            }
            #expect(try await bench.entries()["appointment/a"] == [1, 2, 4, 5])
            #expect(try await bench.entries()["appointment/b"] == [1, 2, 5])
            #expect(try await Self.baselines(bench) == [5])
            await listener.stop()
            await booking.stop()
        }
    }

    @Test(
        "a publisher that is restored under load uses versions again, and its listeners handle them",
        arguments: [Subscription.Taking.everyFact, .newestState])
    func publisherRestored(taking: Subscription.Taking) async throws {
        try await FactBench.with(taking) { bench in
            let booking = try await Publisher(on: bench)
            let listener = try await FactBench.Listener(on: bench)
            await listener.sweep()
            let aggregates = (0..<6).map { "restored-\($0)" }
            for aggregate in aggregates { for version in 1...5 { try await booking.record(aggregate, version) } }
            try await booking.relay()
            let dump = try bench.database.dump("booking_cabinet-1")
            for aggregate in aggregates { for version in 6...8 { try await booking.record(aggregate, version) } }
            let load = EventLoop.start {
                for number in 0..<40 {
                    // Between the two transactions of the restore the schema is missing.
                    _ = try? await booking.record("load-\(number)", 1)
                    try? await booking.relay()  // The next sweep relays what this one could not.
                }
            }
            try await bench.wait { try await bench.isHandled(aggregates, 8) }
            try bench.database.restore("booking_cabinet-1", from: dump)
            await load.value
            _ = try await booking.restoration.announce("cabinet-1")
            for aggregate in aggregates { for version in 6...7 { try await booking.record(aggregate, version) } }
            try await booking.relay()
            try await bench.wait { try await bench.isHandled(aggregates, 7, inLaterGeneration: true) }
            let generations = try await bench.data.query(
                "SELECT DISTINCT generation FROM inbox WHERE aggregate LIKE 'appointment/restored-%'")
            #expect(try generations.map { try $0.get("generation", as: Int.self) > 1 } == [true])
            if taking == .everyFact {
                let expected = [1, 2, 4, 5, 7, 8, 7]
                for aggregate in aggregates {
                    #expect(try await bench.entries()["appointment/" + aggregate] == expected)
                }
                #expect(try await bench.data.query("SELECT 1 FROM held_facts").isEmpty)
            }
            await listener.stop()
            await booking.stop()
        }
    }

    @Test(
        "a listener that is restored asks for what it has forgotten",
        arguments: [Subscription.Taking.everyFact, .newestState])
    func listenerRestored(taking: Subscription.Taking) async throws {
        try await FactBench.with(taking) { bench in
            let booking = try await Publisher(on: bench)
            let listener = try await FactBench.Listener(on: bench)
            await listener.sweep()
            for version in 1...4 { try await booking.record("a", version) }
            try await booking.relay()
            try await bench.wait { try await bench.isHandled(["a"], 4) }
            let dump = try bench.database.dump("ledger_cabinet-1")
            for version in 5...8 { try await booking.record("a", version) }
            try await booking.relay()
            try await bench.wait { try await bench.isHandled(["a"], 8) }
            try bench.database.restore("ledger_cabinet-1", from: dump)
            #expect(try await bench.entries()["appointment/a"]?.last == 4)
            _ = try await Restoration(of: "ledger", bench.subscriptions, bench.directory).announce("cabinet-1")
            try await bench.wait {
                await listener.sweep()
                await booking.sweep()
                return try await bench.isHandled(["a"], 8)
            }
            if taking == .everyFact {
                #expect(try await bench.entries()["appointment/a"] == [1, 2, 4, 5, 7, 8])
            }
            await listener.stop()
            await booking.stop()
        }
    }

    @EventLoop private static func baselines(_ bench: FactBench) async throws -> [Int] {
        try await bench.data.query("SELECT baseline FROM inbox WHERE baseline IS NOT NULL").map {
            try $0.get("baseline")
        }
    }
}
