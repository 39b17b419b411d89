/// A statement whose text is fixed at compile time and whose values are sent separately.
///
/// Write it as a string literal: an interpolated value becomes a bound parameter, an interpolated ``SQL`` is inserted.
/// A run-time `String` can never become text: literals are `StaticString`, so it does not compile.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    package typealias StringLiteralType = StaticString

    /// The text without the values. Its literals are those of the program, so it is known by their addresses: a statement
    /// that was prepared before is found without writing its text.
    private(set) var shape = Shape()
    /// The values in PostgreSQL's text format; nil is NULL.
    private(set) var values: [String?] = []

    package init(stringLiteral value: StaticString) { shape.append(value) }

    package init(stringInterpolation interpolation: StringInterpolation) { self = interpolation.sql }

    /// The text with `$1`, `$2` … in place of the values.
    var text: String { shape.text }

    /// True if it begins with SELECT: it then has no effect of its own, apart from those of functions that it calls.
    package var isSelect: Bool { shape.begins(with: "SELECT") }

    /// Joins several parts into one, for lists whose length is only known at run time.
    package static func joined(_ parts: [SQL], separator: SQL) -> SQL {
        var joined: SQL = ""
        for (index, part) in parts.enumerated() {
            if index > 0 { joined.append(separator) }
            joined.append(part)
        }
        return joined
    }

    /// Makes the later statements of the transaction use index scans.
    ///
    /// For queries of pending work, whose rows are few and short-lived: the planner assumes that a new table is half
    /// full of them and chooses a sequential or bitmap scan. Unlike an index scan, those never mark the index entries
    /// of finished rows as dead, so each query reads them all again until the next vacuum.
    package static let alongIndexes: SQL = """
        SELECT set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true)
        """

    /// Lets the transaction commit without waiting for the disk: only for changes that are found again, or repeated
    /// without harm, if the server crashes within the next moments.
    package static let withoutWaitingForDisk: SQL = "SELECT set_config('synchronous_commit', 'off', true)"

    private mutating func append(value: String?) {
        values.append(value)
        shape.appendValue()
    }

    private mutating func append(_ other: SQL) {
        shape.append(other.shape)
        values.append(contentsOf: other.values)
    }

    /// Collects the parts of an interpolated literal.
    package struct StringInterpolation: StringInterpolationProtocol {
        package typealias StringLiteralType = StaticString
        fileprivate var sql: SQL = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.shape.reserve(2 * interpolationCount + 1)
            sql.values.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: StaticString) { sql.shape.append(literal) }

        /// Binds a value.
        package mutating func appendInterpolation(_ value: some PostgresEncodable) {
            sql.append(value: value.postgresText)
        }

        /// Binds a value, or NULL.
        package mutating func appendInterpolation(_ value: (some PostgresEncodable)?) {
            sql.append(value: value?.postgresText)
        }

        /// Inserts a part with its own values.
        package mutating func appendInterpolation(_ part: SQL) { sql.append(part) }
    }
}
