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

    @Test("of one place and with the same parts have one shape, whatever their values")
    func shapes() {
        func find(_ name: String?, _ condition: SQL) -> SQL {
            "SELECT FROM rooms WHERE name = \(name) AND \(condition)"
        }
        let (small, large): (SQL, SQL) = ("size < \(3)", "size > \(3)")
        #expect(find("a", small).shape == find(nil, small).shape)
        #expect(find("a", small).shape.hashValue == find(nil, small).shape.hashValue)
        #expect(find("a", small).shape != find("a", large).shape)
        #expect(find("a", small).shape != find("a", "\(true)").shape)
    }

    @Test("know whether they begin with SELECT")
    func selects() {
        let (inner, update): (SQL, SQL) = ("SELECT \(1)", "UPDATE rooms SET size = \(1)")
        #expect(inner.isSelect)
        #expect(("\(inner) AND true" as SQL).isSelect)
        #expect(!update.isSelect)
        #expect(!("" as SQL).isSelect)
    }

    @Test("bytes are hexadecimal", arguments: [[], [0], [0x0f, 0xf0, 0xab], Array(0...255)] as [[UInt8]])
    func bytes(bytes: [UInt8]) {
        #expect(bytes.postgresText.hasPrefix("\\x"))
        #expect(bytes.postgresText.utf8.count == 2 + 2 * bytes.count)
        #expect([UInt8](postgresText: bytes.postgresText) == bytes)
        #expect([UInt8](postgresText: bytes.postgresText.uppercased().replacing("X", with: "x")) == bytes)
    }

    @Test("what is no hexadecimal text is no bytes", arguments: ["", "00", "\\x0", "\\x0g", "\\y00", "\\x\u{e9}"])
    func noBytes(text: String) { #expect([UInt8](postgresText: text) == nil) }

    @Test("arrays survive quotes, backslashes and commas", arguments: [[], ["a"], ["a,b", "c\"d", "e\\f", ""]])
    func arrays(strings: [String]) {
        #expect([String](postgresText: strings.postgresText) == strings)
    }
}
