import EventLoop
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Reads what a tenant has decided about its publication.
@EventLoop
struct FindOffice {
    let context: ServiceContext

    init(_ context: ServiceContext) { self.context = context }

    /// The decision as the database has it; nil if there is none.
    func callAsFunction(_ tenant: TenantSlug) async throws -> OfficeSettings? {
        let entry = try await context.registry.ask(OfficeRows.find(tenant))
        return entry.map { OfficeSettings($0.office, version: $0.version) }
    }
}
