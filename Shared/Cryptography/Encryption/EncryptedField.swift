package import Primitives

/// The place that a ciphertext belongs to. It is authenticated with the ciphertext, so a value copied to another row,
/// column, table or tenant does not decrypt there.
package struct EncryptedField: Sendable {
    let associatedData: [UInt8]

    /// The column `column` of the row named `row` (its primary key as text) in the tenant's table `table`.
    package init(tenant: TenantSlug, table: String, column: String, row: some CustomStringConvertible) {
        associatedData = unambiguous([tenant.description, table, column, row.description])
    }
}

/// The parts in sequence, each preceded by its length in four bytes, so that different lists give different bytes.
func unambiguous(_ parts: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.reduce(0) { $0 + 4 + $1.utf8.count })
    for part in parts {
        withUnsafeBytes(of: UInt32(part.utf8.count).bigEndian) { bytes += $0 }
        bytes += part.utf8
    }
    return bytes
}
