/// A row contains something that the code cannot have written: it was changed by hand, or a rule of the code was lost.
package struct CorruptRow: Error, CustomStringConvertible {
    /// The table, with the column if one is known.
    package let place: String

    /// - Parameter place: the table, for example `appointments`, or `table.column`.
    package init(_ place: String) { self.place = place }

    package var description: String { "a row of \(place) cannot be read" }
}
