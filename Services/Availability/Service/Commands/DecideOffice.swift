import AvailabilityDomain
import EventLoop
import Idempotency
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Stores what a tenant decides about its publication.
@EventLoop
struct DecideOffice {
    let context: ServiceContext
    let offices: Offices

    init(_ context: ServiceContext, _ offices: Offices) { (self.context, self.offices) = (context, offices) }

    /// Throws ``Precondition/Fault`` if the decision is not the one that the caller has seen. Of two concurrent
    /// requests one waits, and is then refused.
    func callAsFunction(
        _ office: Office, for tenant: TenantSlug, if precondition: Precondition
    ) async throws -> OfficeSettings {
        let entry = try await context.registry.transaction { transaction in
            let (_, present) = try await transaction.ask(OfficeRows.lock, OfficeRows.find(tenant))
            try precondition.check(present?.version)
            let entry = try await transaction.ask(OfficeRows.store(office, for: tenant))
            return entry
        }
        offices.update(entry)
        return OfficeSettings(entry.office, version: entry.version)
    }
}
