import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy
import Testing

@testable import Messaging

@Suite("Facts")
struct FactTests {
    @Test("that overtook their predecessor wait for it, and hold up no other aggregate")
    func overtaken() async throws {
        try await FactBench.with(.everyFact) { bench in
            let listener = try await FactBench.Listener(on: bench)
            // "a" and "e" share a shard.
            try await bench.deliver(try [("a", 2), ("a", 4), ("e", 1), ("a", 5), ("e", 2)].map(FactBench.event))
            try await bench.wait { try await bench.entries()["appointment/e"] == [1, 2] }
            #expect(try await bench.entries()["appointment/a"] == nil)
            try await bench.deliver([try FactBench.event("a", 1)])
            try await bench.wait { try await bench.entries()["appointment/a"] == [1, 2] }
            try await bench.deliver([try FactBench.event("a", 3)])
            try await bench.wait { try await bench.entries()["appointment/a"] == [1, 2, 4, 5] }
            #expect(try await bench.data.query("SELECT 1 FROM held_facts").isEmpty)
            await listener.stop()
        }
    }

    @Test("a parked one is listed with those behind it, and brings them back in order when it is replayed")
    func parked() async throws {
        try await FactBench.with(.everyFact) { bench in
            let listener = try await FactBench.Listener(on: bench)
            try await bench.data.query("INSERT INTO poison VALUES ('appointment/a', 2), ('appointment/a', 5)")
            try await bench.deliver(try (1...8).map { try FactBench.event("a", $0) })
            try await bench.wait { try await bench.parked.list(limit: 10).first?.waiting.count == 6 }
            #expect(try await bench.entries()["appointment/a"] == [1])
            let entry = try await bench.parked.list(limit: 10)[0]
            #expect(entry.waiting.map(\.version) == [3, 4, 5, 6, 7, 8])
            #expect(entry.description.contains("waits behind it"))

            // The next poison waits among those behind the first: it is parked in its turn.
            try await bench.data.query("DELETE FROM poison WHERE version = 2")
            #expect(try await bench.parked.replay(limit: 10) == 1)
            try await bench.wait { try await bench.parked.list(limit: 10).first?.waiting.map(\.version) == [6, 7, 8] }
            #expect(try await bench.entries()["appointment/a"] == [1, 2, 4])
            try await bench.data.query("DELETE FROM poison")
            #expect(try await bench.parked.replay(limit: 10) == 1)
            try await bench.wait { try await bench.entries()["appointment/a"] == [1, 2, 4, 5, 7, 8] }
            await listener.stop()
        }
    }

    @Test("those behind one that an operator discards are handled without it")
    func discarded() async throws {
        try await FactBench.with(.everyFact) { bench in
            let listener = try await FactBench.Listener(on: bench)
            try await bench.data.query("INSERT INTO poison VALUES ('appointment/a', 1)")
            try await bench.deliver(try [1, 2, 4].map { try FactBench.event("a", $0) })
            try await bench.wait { try await bench.parked.list(limit: 10).first?.waiting.count == 2 }
            let id = try await bench.parked.list(limit: 10)[0].id
            #expect(try await bench.parked.discard(id: id, limit: 10))
            await listener.sweep()
            try await bench.wait { try await bench.entries()["appointment/a"] == [2] }
            try await bench.deliver([try FactBench.event("a", 3)])
            try await bench.wait { try await bench.entries()["appointment/a"] == [2, 4] }
            #expect(try await bench.parked.list(limit: 10).isEmpty)
            await listener.stop()
        }
    }

    @Test("wait in the broker when as many wait in the database as may")
    func full() async throws {
        try await FactBench.with(.everyFact) { bench in
            let listener = try await FactBench.Listener(on: bench)
            let event = try FactBench.event("a", 2).attributes
            try await bench.data.batch([
                "INSERT INTO inbox (source, aggregate, version) VALUES (\(event.source), \(event.subject), 0)",
                """
                INSERT INTO held_facts (
                    source, aggregate, generation, version, generation_start, state, event_id, type)
                SELECT \(event.source), \(event.subject), 1, number, 1, 'parked', gen_random_uuid(), 'x'
                FROM generate_series(1001, 2000) AS number
                """,
            ])
            try await bench.deliver(try [("a", 2), ("e", 1)].map(FactBench.event))
            try await bench.wait { try await bench.entries()["appointment/e"] == [1] }
            #expect(try await bench.data.query("SELECT 1 FROM held_facts WHERE version = 2").isEmpty)
            try await bench.data.query("DELETE FROM held_facts")
            try await bench.deliver([try FactBench.event("a", 1)])
            try await bench.wait { try await bench.entries()["appointment/a"] == [1, 2] }
            await listener.stop()
        }
    }

    @Test("many that waited are handled in order, however many transactions they take")
    func many() async throws {
        try await FactBench.with(.everyFact) { bench in
            let listener = try await FactBench.Listener(on: bench)
            try await bench.deliver(try (2...150).map { try FactBench.event("a", $0) })
            try await bench.deliver([try FactBench.event("a", 1)])
            let expected = (1...150).filter { $0 % 3 != 0 }
            try await bench.wait { try await bench.entries()["appointment/a"]?.count == expected.count }
            #expect(try await bench.entries()["appointment/a"] == expected)
            await listener.stop()
        }
    }
}
