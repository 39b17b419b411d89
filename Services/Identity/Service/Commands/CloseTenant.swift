import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Closes a tenant, or opens it again. While it is closed no service serves it, and nothing of it is removed.
@EventLoop
struct CloseTenant {
    let context: ServiceContext

    /// Closing a tenant that is closed ends the sessions that it still has. Throws ``NotFound`` and
    /// ``IdentityError/tenantReserved``.
    func callAsFunction(_ slug: TenantSlug, by actor: AuditActor) async throws {
        try await set(slug, isClosed: true, by: actor)
        try await endSessions(of: slug)
    }

    /// Opens a tenant again that was not removed. Throws ``NotFound``.
    func reopen(_ slug: TenantSlug, by actor: AuditActor) async throws {
        // No session of before may go on, even if the process that closed the tenant was killed in between.
        if context.platform.directory.hasEnded(slug) { try await endSessions(of: slug) }
        try await set(slug, isClosed: false, by: actor)
    }

    private func set(_ slug: TenantSlug, isClosed: Bool, by actor: AuditActor) async throws {
        guard slug != .platform else { throw IdentityError.tenantReserved }
        let now = context.now
        try await context.registry.transaction { transaction in
            guard let tenant = try await transaction.ask(TenantRegistration.locked(.slug(slug))) else {
                throw NotFound()
            }
            guard (tenant.closedAt != nil) != isClosed else { return }
            let changed = try await transaction.ask(
                TenantRegistration.close(tenant.profile.id, since: isClosed ? now : nil, at: now))
            try await transaction.batch([
                changed.announcement(at: now),
                context.platform.directory.registration(of: changed.profile, version: changed.announcements),
                Audit.recordOnPlatform(
                    isClosed ? .tenantClose : .tenantReopen, by: actor, on: tenant.profile.id, at: now),
            ])
        }
        context.eventsCommitted(in: context.registry)
        try await context.platform.directory.reload()
    }

    private func endSessions(of slug: TenantSlug) async throws {
        guard let store = try await data(of: slug) else { return }
        let now = context.now
        try await store.transaction { transaction in
            let (ofPersons, ofPrograms) = try await transaction.ask(
                Sessions.endAll(at: now), ServiceAccountSecrets.endSessions(at: now))
            try await transaction.batch(try Sessions.announce(ofPersons + ofPrograms, of: slug, at: now))
        }
        context.eventsCommitted(in: store)
    }

    /// Returns nil for a tenant that was never ready: it has no sessions.
    private func data(of slug: TenantSlug) async throws -> SchemaStore? {
        do {
            return try await context.platform.directory.storeOfAny(slug)?.data
        } catch is TenantDirectory.Fault {
            return nil
        }
    }
}
