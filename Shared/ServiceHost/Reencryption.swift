import Cryptography
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy

/// Encrypts under the current key of the ring what an older key encrypted, so that the older key can be removed.
///
/// It may run while the service serves, and again after it was interrupted: values that change meanwhile are encrypted
/// under the current key anyway.
@EventLoop
struct Reencryption {
    let platform: Platform
    let columns: [EncryptedColumn]

    /// - Returns: the number of values that were encrypted under an older key.
    func callAsFunction() async throws -> Int {
        var count = 0
        for round in platform.directory.rounds {
            if let registry = round.registry { count += try await renew(.registry, in: registry, of: .platform) }
            for tenant in round.tenants + round.closed {
                count += try await renew(.tenants, in: tenant.data, of: tenant.tenant.slug)
            }
        }
        return count
    }

    private func renew(_ home: EncryptedColumn.Home, in store: SchemaStore, of tenant: TenantSlug) async throws -> Int {
        var count = 0
        for column in columns where column.home == home {
            var rows = try await store.query(column.page(""))
            while let last = rows.last {
                let changes = try rows.compactMap { try change($0, column, tenant) }
                if !changes.isEmpty { try await store.batch(changes) }
                count += changes.count
                rows = try await store.query(column.page(last.get("row")))
            }
        }
        return count
    }

    /// Returns nil if the value is encrypted under the current key.
    private func change(_ row: Row, _ column: EncryptedColumn, _ tenant: TenantSlug) throws -> SQL? {
        let (name, old): (String, [UInt8]) = (try row.get("row"), try row.get("value"))
        guard try platform.keyRing.needsReencryption(old) else { return nil }
        let field = EncryptedField(tenant: tenant, table: column.table, column: column.column, row: name)
        let plain = try platform.keyRing.decrypt(old, in: field)
        return column.replace(name, old, platform.keyRing.encrypt(plain, in: field))
    }
}
