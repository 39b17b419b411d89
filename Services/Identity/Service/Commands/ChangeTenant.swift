import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Changes the name, the language or the allowed origins of a tenant, and announces it to every service.
@EventLoop
struct ChangeTenant {
    /// What to change; nil leaves a property as it is.
    struct Changes: Sendable {
        let name: DisplayName?
        let locale: LanguageTag?
        let allowedOrigins: AllowedOrigins?
    }

    let context: ServiceContext

    /// Throws ``NotFound`` or ``Precondition/Fault``.
    func callAsFunction(
        _ name: TenantName, _ changes: Changes, if precondition: Precondition, by actor: AuditActor
    ) async throws -> Versioned<TenantView> {
        let now = context.now
        let id: TenantID = try await context.registry.transaction { transaction in
            guard let current = try await transaction.ask(TenantRegistration.locked(name)) else { throw NotFound() }
            try precondition.check(current.revision)
            let id = current.profile.id
            let changed = try await transaction.ask(
                TenantRegistration.change(
                    id, name: changes.name, locale: changes.locale, allowedOrigins: changes.allowedOrigins, at: now))
            try await transaction.batch([
                changed.announcement(at: now),
                context.platform.directory.registration(of: changed.profile, version: changed.announcements),
                Audit.recordOnPlatform(.tenantChange, by: actor, on: id, at: now),
            ])
            return id
        }
        context.eventsCommitted(in: context.registry)
        return try await ReadTenant(context: context).unaudited(.id(id))
    }
}
