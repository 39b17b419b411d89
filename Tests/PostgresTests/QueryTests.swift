import EventLoop
import Postgres
import PostgresTesting
import Testing

@Suite("Queries that know their answers")
struct QueryTests {
    @Test("share one round trip, each with an answer of its own type")
    func together() async throws {
        try await TestDatabase.with { database in
            try await database.withClient { client in
                var trips = 0
                let (count, names, none, first) = try await ask(
                    Query.one("SELECT 3 AS n") { try $0.get("n", as: Int.self) },
                    Query.all("SELECT unnest(ARRAY['a', 'b']) AS name") { try $0.get("name", as: String.self) },
                    Query<Int?>.known(nil),
                    Query.first("SELECT 1 AS n WHERE false") { try $0.get("n", as: Int.self) }
                ) { statements in
                    trips += 1
                    #expect(statements.count == 3)
                    return try await client.batch(statements)
                }
                #expect(trips == 1)
                #expect(count == 3)
                #expect(names == ["a", "b"])
                #expect(none == nil)
                #expect(first == nil)
            }
        }
    }

    @Test("with known answers only do not reach the database")
    func known() async throws {
        let answer = try await EventLoop.run {
            try await ask(Query<Int>.known(1), Query<String>.known("a")) { _ in throw CorruptRow("nothing was asked") }
        }
        #expect(answer == (1, "a"))
    }

    @Test("throw the errors of reading")
    func faults() async throws {
        try await TestDatabase.with { database in
            try await database.withClient { client in
                _ = await #expect(throws: CorruptRow.self) {
                    _ = try await ask(Query.one("SELECT 1 AS n WHERE false") { try $0.get("n", as: Int.self) }) {
                        try await client.batch($0)
                    }
                }
            }
        }
    }
}
