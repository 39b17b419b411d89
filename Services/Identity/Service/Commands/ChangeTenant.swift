import EventLoop
import GuichetProtocol
import IdentityDomain
import Messaging
import Postgres
import Primitives
import Tenancy

/// Changes what may change of a tenant, and tells everybody.
@EventLoop
struct ChangeTenant {
    let context: Dependencies

    /// Changes the tenant if it has this revision; any when none is given.
    func callAsFunction(
        _ tenant: TenantName, name: DisplayName?, locale: LanguageTag?, ifRevision revision: Int64?
    ) async throws -> TenantID {
        let now = context.now()
        let id: TenantID = try await context.directory.registry.transaction { transaction in
            let current = try await TenantRegistration.lock(tenant, in: transaction)
            guard revision.map({ $0 == current.revision }) ?? true else { throw IdentityError.versionConflict }
            let row = try await transaction.query(
                """
                UPDATE tenant_registrations
                SET name = coalesce(\(name?.description), name), locale = coalesce(\(locale?.description), locale),
                    revision = revision + 1, announcements = announcements + 1, updated_at = \(now)
                WHERE id = \(current.profile.id) RETURNING \(TenantRegistration.columns)
                """)[0]
            try await transaction.query(TenantRegistration(row).announcement(at: now))
            return current.profile.id
        }
        context.announced()
        return id
    }
}

/// A tenant as a path names it.
enum TenantName: Sendable {
    case id(TenantID)
    case slug(TenantSlug)

    /// The condition that finds it.
    var condition: SQL {
        switch self {
        case .id(let id): "id = \(id)"
        case .slug(let slug): "slug = \(slug)"
        }
    }
}

extension TenantRegistration {
    /// The tenant, which nobody else changes until the transaction ends.
    @EventLoop
    fileprivate static func lock(_ tenant: TenantName, in transaction: Transaction) async throws -> TenantRegistration {
        let rows = try await transaction.query(
            "SELECT \(columns) FROM tenant_registrations WHERE \(tenant.condition) FOR UPDATE")
        guard let row = rows.first else { throw IdentityError.notFound }
        return try TenantRegistration(row)
    }
}
