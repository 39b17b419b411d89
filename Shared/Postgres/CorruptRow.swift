/// A row holds what the code cannot have written: somebody changed it by hand, or the code lost a rule.
package struct CorruptRow: Error, CustomStringConvertible {
    /// The table, and the column where one is to blame.
    package let place: String

    /// - Parameter place: the table, for example `appointments`, or `table.column`.
    package init(_ place: String) { self.place = place }

    package var description: String { "a row of \(place) cannot be read" }
}
