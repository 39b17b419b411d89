import Authentication
import AvailabilityDomain
import EventLoop
import GuichetProtocol
import HTTPServer
import Primitives
import ServiceHost
import Tenancy

/// What a tenant decides about the publication of its free slots.
@EventLoop
struct OfficeRoutes {
    let service: AvailabilityService

    var routes: [Route] {
        [
            Route(
                "readOffice", .get, "/api/availability/office", "What the tenant has decided about its publication.",
                access: .management, sends: [.entityTag], problems: [.notFound], handler: read),
            Route(
                "setOffice", .put, "/api/availability/office",
                "Opens the tenant to the public or closes it; sets its address and when a publication counts as late.",
                access: .management, ifMatch: .requiredToReplace, sends: [.entityTag], problems: [.notFound],
                current: { try await read($0, NoQuery(), NoBody()) }, handler: decide),
        ].tagged("Office", "What a tenant decides about its publication.")
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<OfficeSettings> {
        let store = try await store(of: call)
        guard let settings = try await service.findOffice(store.tenant.slug) else { throw Problem.notFound }
        return settings.reply
    }

    private func decide(_ call: Call, _: NoQuery, _ body: OfficeInput) async throws -> Reply<OfficeSettings> {
        let store = try await store(of: call)
        return try await service.decideOffice(
            body.office(in: store.tenant.phoneCountry), for: store.tenant.slug, if: call.precondition()
        ).reply
    }

    /// The caller's tenant. Throws if this service does not serve it.
    private func store(of call: Call) async throws -> TenantStore {
        try await service.context.store(for: call.caller().tenant)
    }
}

extension OfficeSettings {
    fileprivate var reply: Reply<OfficeSettings> { Reply(self, entityTag: EntityTag(version: version)) }
}
