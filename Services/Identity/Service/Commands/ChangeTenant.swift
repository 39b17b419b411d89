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
        _ tenant: TenantName, name: OneLine?, locale: LanguageTag?, ifRevision revision: Int64?
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

/// Says everything again to a service that has just been installed.
@EventLoop
struct AnnounceEverything {
    private static let batchSize = 200

    let context: Dependencies

    /// Every announcement is the next version of its tenant, so that nobody takes it for a repetition.
    func callAsFunction(in transaction: Transaction, because cause: EventAttributes) async throws {
        let now = context.now()
        let rows = try await transaction.query(
            """
            UPDATE tenant_registrations SET announcements = announcements + 1 RETURNING \(TenantRegistration.columns)
            """)
        let events = try rows.map { try TenantRegistration($0).announcement(at: now, causation: cause) }
        for start in stride(from: 0, to: events.count, by: Self.batchSize) {
            try await transaction.batch(Array(events[start..<min(start + Self.batchSize, events.count)]))
        }
        try await MaintainSigningKeys.publish(in: transaction, context, at: now, causation: cause)
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
