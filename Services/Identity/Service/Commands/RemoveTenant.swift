import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Removes a tenant that has been closed for long enough. Every service then removes what it has of it.
@EventLoop
struct RemoveTenant {
    /// Why a tenant is not removed.
    enum Refusal: Error {
        case open
        /// It may be removed from this instant on.
        case tooEarly(until: Instant)
    }

    let context: ServiceContext
    /// How long a tenant is closed before it may be removed.
    let delay: Duration

    /// Has no effect if the tenant was removed before. Throws ``Refusal``, ``NotFound`` if there was never such a tenant, and
    /// ``IdentityError/tenantReserved``.
    ///
    /// - Parameter isImmediate: whether it may be removed before the delay is over.
    func callAsFunction(_ slug: TenantSlug, isImmediate: Bool, by actor: AuditActor) async throws {
        guard slug != .platform else { throw IdentityError.tenantReserved }
        let now = context.now
        try await context.registry.transaction { transaction in
            let (found, former) = try await transaction.ask(
                TenantRegistration.locked(.slug(slug)), RemovedTenant.last(named: slug))
            guard let tenant = found else {
                if former == nil { throw NotFound() }
                return
            }
            guard let closedAt = tenant.closedAt else { throw Refusal.open }
            guard isImmediate || closedAt + delay <= now else { throw Refusal.tooEarly(until: closedAt + delay) }
            let removed = try await transaction.ask(RemovedTenant.remove(tenant.profile.id, at: now))
            try await transaction.batch([
                removed.announcement(at: now),
                context.platform.directory.registration(of: removed.profile, version: removed.announcements),
                FirstAdministrators.remove(of: slug),
                IdempotencyRecord.removeAll(about: removed.id),
                Audit.recordOnPlatform(.tenantRemove, by: actor, on: removed.id, at: now),
            ])
        }
        context.eventsCommitted(in: context.registry)
        try await context.platform.directory.reload()
    }
}
