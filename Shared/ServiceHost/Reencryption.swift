import Cryptography
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy

/// Brings everything that is encrypted under an older key of the ring under the one in use. Then the older can go.
///
/// It may run while the service serves, and again after it was broken off: what somebody changes meanwhile is under the
/// new key anyway.
@EventLoop
struct Reencryption {
    let platform: Platform
    let columns: [EncryptedColumn]

    /// - Returns: how many values there were.
    func callAsFunction() async throws -> Int {
        var count = 0
        for round in platform.directory.rounds {
            if let registry = round.registry { count += try await renew(.registry, in: registry, of: .platform) }
            for tenant in round.tenants {
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

    /// Nil when the value is under the key in use.
    private func change(_ row: Row, _ column: EncryptedColumn, _ tenant: TenantSlug) throws -> SQL? {
        let (name, old): (String, [UInt8]) = (try row.get("row"), try row.get("value"))
        guard try platform.keyRing.needsReencryption(old) else { return nil }
        let field = EncryptedField(tenant: tenant, table: column.table, column: column.column, row: name)
        let plain = try platform.keyRing.decrypt(old, in: field)
        return column.replace(name, old, platform.keyRing.encrypt(plain, in: field))
    }
}
