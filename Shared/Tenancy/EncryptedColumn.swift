package import Postgres

/// A column whose values are encrypted with the key ring, each bound to its row, so that they can be encrypted again
/// with a new key.
package struct EncryptedColumn: Sendable {
    /// The schemas that have the table.
    package enum Home: Sendable { case tenants, registry }

    /// Whether the table is in the tenants' schemas or in the registry.
    package let home: Home
    /// With `column`, the place that the values are bound to; see `EncryptedField`.
    package let table: String
    /// See `table`.
    package let column: String
    /// Reads some rows after the named one, in the order of their names: the name as `row`, the bytes as `value`.
    package let page: @Sendable (_ after: String) -> SQL
    /// Replaces the old bytes by new ones; changes nothing if the row no longer has the old ones.
    package let replace: @Sendable (_ row: String, _ old: [UInt8], _ new: [UInt8]) -> SQL

    /// A column and the statements to read and replace its values.
    package init(
        _ table: String, _ column: String, of home: Home = .tenants, page: @escaping @Sendable (String) -> SQL,
        replace: @escaping @Sendable (String, [UInt8], [UInt8]) -> SQL
    ) {
        (self.home, self.table, self.column, self.page, self.replace) = (home, table, column, page, replace)
    }
}
