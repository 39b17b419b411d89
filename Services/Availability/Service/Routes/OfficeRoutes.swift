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
                .get, "/api/availability/office", "What the tenant has decided about its publication.",
                access: .management, problems: [.notFound, .unavailable], handler: read),
            Route(
                .put, "/api/availability/office",
                "Opens the tenant to the public or closes it, and says where it is and what counts as late.",
                access: .management,
                problems: [.notFound, .preconditionFailed, .preconditionRequired, .unavailable], handler: decide),
        ]
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<OfficeSettings> {
        let store = try await store(of: call)
        guard let entry = try await service.offices.find(store.tenant.slug) else { throw Problem.notFound }
        return OfficeSettings(entry).reply
    }

    private func decide(_ call: Call, _: NoQuery, _ body: OfficeInput) async throws -> Reply<OfficeSettings> {
        let store = try await store(of: call)
        let entry = try await service.offices.decide(
            body.office, for: store.tenant.slug, if: call.precondition())
        return OfficeSettings(entry).reply
    }

    /// The caller's tenant, if this service serves it.
    private func store(of call: Call) async throws -> TenantStore {
        try await service.platform.directory.store(for: call.authenticated().tenant)
    }
}

/// What a tenant has decided.
struct OfficeSettings: Codable, Sendable {
    let isOpen: Bool
    let city: City
    let phone: PhoneNumber?
    let bookingUrl: BookingAddress?
    let latencyLimitMilliseconds: LatencyLimit
    let version: Int

    init(_ entry: Offices.Entry) {
        let office = entry.office
        (isOpen, city, phone, bookingUrl) = (office.isOpen, office.city, office.phone, office.bookingURL)
        latencyLimitMilliseconds = office.latencyLimit
        version = entry.version
    }

    fileprivate var reply: Reply<OfficeSettings> { Reply(self, entityTag: EntityTag(version: Int64(version))) }
}
