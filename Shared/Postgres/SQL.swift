/// A statement whose text is fixed when the program is compiled and whose values travel apart from it.
///
/// It is written as a string literal; an interpolated value becomes a bound parameter, an interpolated ``SQL`` is
/// spliced. A run-time `String` can never become text: literals are `StaticString`, so it does not compile.
///
///     let statement: SQL = "SELECT name FROM rooms WHERE id = \(room)"
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    package typealias StringLiteralType = StaticString

    /// The text between the parameters; always one more than there are values.
    private var literals: [String]
    /// The values in PostgreSQL's text format; nil is NULL.
    private(set) var values: [String?]

    package init(stringLiteral value: StaticString) {
        literals = [value.description]
        values = []
    }

    package init(stringInterpolation interpolation: StringInterpolation) { self = interpolation.sql }

    /// The text with `$1`, `$2` … for the values.
    var text: String {
        var text = literals[0]
        for index in values.indices { text += "$\(index + 1)\(literals[index + 1])" }
        return text
    }

    /// Several statements' parts joined into one, for lists of a length known only at run time.
    package static func joined(_ parts: [SQL], separator: SQL) -> SQL {
        var joined: SQL = ""
        for (index, part) in parts.enumerated() {
            if index > 0 { joined.append(separator) }
            joined.append(part)
        }
        return joined
    }

    /// Has the statements that follow in the transaction walk along indexes.
    ///
    /// For lists of what is still to be done, which are short and come and go: the planner takes a new table for half full of
    /// them and reads all of it, or a bitmap. Unlike a walk along the index that never clears away the entries of what was
    /// done, and comes by all of them each time until the next vacuum.
    package static let alongIndexes: SQL = """
        SELECT set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true)
        """

    /// Lets the transaction end before it is on disk: for what is found out again, or done again without harm, should the
    /// server crash in the next moments.
    package static let withoutWaitingForDisk: SQL = "SELECT set_config('synchronous_commit', 'off', true)"

    private mutating func append(literal: String) { literals[literals.count - 1] += literal }

    private mutating func append(value: String?) {
        values.append(value)
        literals.append("")
    }

    private mutating func append(_ other: SQL) {
        append(literal: other.literals[0])
        literals.append(contentsOf: other.literals.dropFirst())
        values.append(contentsOf: other.values)
    }

    /// Collects the parts of an interpolated literal.
    package struct StringInterpolation: StringInterpolationProtocol {
        package typealias StringLiteralType = StaticString
        fileprivate var sql: SQL = ""

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: StaticString) { sql.append(literal: literal.description) }

        /// Binds a value.
        package mutating func appendInterpolation(_ value: some PostgresEncodable) {
            sql.append(value: value.postgresText)
        }

        /// Binds a value, or NULL.
        package mutating func appendInterpolation(_ value: (some PostgresEncodable)?) {
            sql.append(value: value?.postgresText)
        }

        /// Splices a statement's part with its own values.
        package mutating func appendInterpolation(_ part: SQL) { sql.append(part) }
    }
}
