import Primitives
import Testing

@testable import Postgres

@Suite("Statements")
struct SQLTests {
    @Test("turn interpolated values into parameters, spliced parts included")
    func parameters() {
        let name = "Robert'); DROP TABLE rooms; --"
        let condition: SQL = "name = \(name) AND size > \(3)"
        let missing: String? = nil
        let statement: SQL = "SELECT * FROM rooms WHERE \(condition) OR note = \(missing)"
        #expect(statement.text == "SELECT * FROM rooms WHERE name = $1 AND size > $2 OR note = $3")
        #expect(statement.values == [name, "3", nil])
    }

    @Test("join parts of a list")
    func joining() {
        let rows: [SQL] = [1, 2, 3].map { "(\($0))" }
        let statement: SQL = "VALUES \(SQL.joined(rows, separator: ", "))"
        #expect(statement.text == "VALUES ($1), ($2), ($3)")
        #expect(statement.values == ["1", "2", "3"])
    }

    @Test("arrays survive quotes, backslashes and commas", arguments: [[], ["a"], ["a,b", "c\"d", "e\\f", ""]])
    func arrays(strings: [String]) {
        #expect([String](postgresText: strings.postgresText) == strings)
    }
}
