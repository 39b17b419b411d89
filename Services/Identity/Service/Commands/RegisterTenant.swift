import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Inserts a tenant and announces it, as part of a transaction of the registry.
@EventLoop
struct RegisterTenant {
    let context: ServiceContext

    /// The transaction fails with a conflict of `tenant_slug_is_free` if the slug is taken.
    func callAsFunction(_ profile: TenantProfile, in transaction: Transaction, at now: Instant) async throws {
        let registration = try await transaction.ask(TenantRegistration.insert(profile, at: now))
        try await transaction.batch([
            registration.announcement(at: now),
            context.platform.directory.registration(of: profile, version: registration.announcements),
        ])
    }
}
