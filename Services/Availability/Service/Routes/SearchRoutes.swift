import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import Runtime
import Scheduling
import ServiceHost
import Tenancy

/// The searches of the public and of professionals.
@EventLoop
struct SearchRoutes {
    let service: AvailabilityService

    var routes: [Route] {
        [
            Route(
                "searchPublicSlots", .get, "/api/availability/search",
                "Finds free slots at every tenant that is open to the public, in a city or at one of them.",
                access: .anyone, sends: [.entityTag], problems: [.tooManyRequests, .notYetVisible],
                handler: searchAsPublic),
            Route(
                "searchSlots", .get, "/api/availability/slots",
                "Finds free slots at the caller's own tenant and at those that are open to the public.",
                access: .staff.or(.slotsRead), sends: [.entityTag], problems: [.notYetVisible],
                handler: searchAsProfessional),
        ].tagged("Search", "Free slots across tenants.")
    }

    private func searchAsPublic(
        _ call: Call, _ query: SearchQuery, _: NoBody
    ) async throws -> Reply<EncodedContent<SearchView>> {
        try service.throttle.admit(call.clientAddress)
        let offices = service.offices
        let tenants: [TenantSlug]
        switch (query.office, query.place) {
        case (let office?, nil): tenants = offices.isOpen(office) ? [office] : []
        case (nil, let place?): tenants = offices.open(in: place)
        default:
            throw Problem(
                .invalidQuery, "Indiquez un lieu (place) ou un établissement (office).",
                errors: [.init(pointer: "/place", detail: "un lieu ou un établissement attendu, l’un des deux")])
        }
        return try await answer(query, of: tenants, to: .network(call.clientAddress.subscriber))
    }

    private func searchAsProfessional(
        _ call: Call, _ query: SearchQuery, _: NoBody
    ) async throws -> Reply<EncodedContent<SearchView>> {
        let caller = try call.authenticated()
        let own = caller.tenant
        let offices = service.offices
        let tenants: [TenantSlug]
        switch (query.office, query.place) {
        case (let office?, nil): tenants = office == own || offices.isOpen(office) ? [office] : []
        case (nil, let place?): tenants = Set(offices.open(in: place) + offices.own(own, in: place)).sorted()
        case (nil, nil): tenants = [own]
        default: throw Problem(.invalidQuery, "Indiquez un lieu (place) ou un établissement (office), pas les deux.")
        }
        return try await answer(query, of: tenants, to: .user(caller.userID))
    }

    /// The window of the search. Throws the 400 problem if it is longer than the calendar of each of these tenants permits:
    /// across a change of the clock the same days have more hours.
    private func window(of query: SearchQuery, at tenants: [TenantSlug]) async throws -> TimeRange {
        guard let window = query.window else { throw SearchQuery.windowRefused }
        if query.hasPermittedLength(in: nil) { return window }
        for tenant in tenants {
            do {
                let store = try await service.context.store(for: tenant)
                if query.hasPermittedLength(in: try await service.calendars.zone(of: store)) { return window }
            } catch is TenantDirectory.Fault {
                continue
            }
        }
        throw SearchQuery.windowRefused
    }

    /// The answer, kept for a moment unless it must contain a certain appointment.
    private func answer(
        _ query: SearchQuery, of tenants: [TenantSlug], to client: WaitingShares.Client
    ) async throws -> Reply<EncodedContent<SearchView>> {
        let request = SearchRequest(
            careType: query.careType, window: try await window(of: query, at: tenants), tenants: tenants,
            practitioner: query.practitioner, limit: (query.limit ?? .standard).value)
        guard let seen = query.seen else {
            let content = try await service.searchAnswers.shared(request)
            return Reply(content, entityTag: content.entityTag)
        }
        let isVisible: Bool
        if request.tenants.contains(seen.tenant) {
            let store = try await service.context.store(for: seen.tenant)
            isVisible = try await service.awaitAppointment(
                seen.appointment, version: seen.version, of: store, for: client)
        } else {
            isVisible = true  // The appointment is at a tenant that is not searched.
        }
        guard isVisible else {
            throw Problem(
                .notYetVisible, "Votre rendez-vous n’est pas encore pris en compte : réessayez dans un instant.",
                retryAfter: .seconds(1))
        }
        let content = try await service.searchAnswers.fresh(request)
        return Reply(content, entityTag: content.entityTag)
    }
}

extension ProblemType {
    /// The search does not include the appointment in `seen` yet: ask again in a second.
    static let notYetVisible = ProblemType("not-yet-visible", 503, "Pas encore visible")
}
