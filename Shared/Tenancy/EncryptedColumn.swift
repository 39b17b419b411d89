package import Postgres

/// A column whose values are encrypted by the key ring, each for its row, so that they can be encrypted anew.
package struct EncryptedColumn: Sendable {
    /// Whose schemas have the table.
    package enum Home: Sendable { case tenants, registry }

    /// In which schemas the table is.
    package let home: Home
    /// With `column`, where the values are encrypted for; see `EncryptedField`.
    package let table: String
    /// See `table`.
    package let column: String
    /// Reads some rows behind the one named, in the order of their names: the name as `row`, the bytes as `value`.
    package let page: @Sendable (_ after: String) -> SQL
    /// Puts new bytes in the place of the old ones, and changes nothing where those are no longer there.
    package let replace: @Sendable (_ row: String, _ old: [UInt8], _ new: [UInt8]) -> SQL

    /// A column and the statements that go through it.
    package init(
        _ table: String, _ column: String, of home: Home = .tenants, page: @escaping @Sendable (String) -> SQL,
        replace: @escaping @Sendable (String, [UInt8], [UInt8]) -> SQL
    ) {
        (self.home, self.table, self.column, self.page, self.replace) = (home, table, column, page, replace)
    }
}
