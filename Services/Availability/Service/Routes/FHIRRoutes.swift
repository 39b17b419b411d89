import EventLoop
import FoundationEssentials
import HTTPServer
import JSONCoding
import Primitives
import Scheduling
import ServiceHost

/// A FHIR server of schedules and slots for each tenant that is open to the public.
@EventLoop
struct FHIRRoutes {
    private static let tenant = PathVariable<TenantSlug>("tenant", "The slug of a tenant that is open to the public.")
    /// A location is a tenant, and its id is the slug.
    private static let location = PathVariable<TenantSlug>(
        "id", "The slug of the tenant, which is the id of its location.")
    private static let practitioner = PathVariable<Identifier<Resource>>("id", "The practitioner.")
    private static let slot = PathVariable<SlotID>(
        "id", "The id that a search gave the slot: practitioner, start and type of care.")

    let service: AvailabilityService

    var routes: [Route] {
        [
            route(
                "readCapabilityStatement", "/metadata", "The capabilities of this server (CapabilityStatement).",
                .fhirCapabilityStatement, handler: metadata),
            route(
                "readFhirLocation", "/Location/\(Self.location)", "The tenant as a location.", .fhirLocation,
                handler: location),
            route(
                "readFhirPractitioner", "/Practitioner/\(Self.practitioner)", "A practitioner.", .fhirPractitioner,
                handler: practitioner),
            route(
                "searchFhirSchedules", "/Schedule", "Searches the schedules of practitioners.", .fhirBundle,
                handler: schedules),
            route(
                "readFhirSchedule", "/Schedule/\(Self.practitioner)", "A practitioner's schedule.", .fhirSchedule,
                handler: schedule),
            route("searchFhirSlots", "/Slot", "Searches slots, free and taken, by start.", .fhirBundle, handler: slots),
            route("readFhirSlot", "/Slot/\(Self.slot)", "A slot.", .fhirSlot, handler: slot),
        ].tagged("FHIR", "Schedules and slots as FHIR R4 resources.")
    }

    private func route<Query: Decodable & Sendable>(
        _ name: String, _ path: PathTemplate, _ summary: String, _ schema: NamedSchema,
        handler: @escaping @EventLoop @Sendable (OpenOffice, Call, FHIRQuery<Query>) async throws -> Reply<RawContent>
    ) -> Route {
        let service = self.service
        return Route(
            name, .get, "/api/fhir/\(Self.tenant)\(path)", summary, access: .anyone, produces: FHIR.mediaType,
            describedBy: schema, sends: [.entityTag], problems: [.notAcceptable, .tooManyRequests], problemForm: .fhir
        ) { (call, query: FHIRQuery<Query>, _: NoBody) in
            try service.throttle.admit(call.clientAddress)
            try query.presentation.checkFormat(call)
            guard let office = try await service.findOpenOffices(call.path(Self.tenant)) else { throw Problem.notFound }
            return try await handler(office, call, query)
        }
    }

    private func metadata(_ office: OpenOffice, _ call: Call, _: FHIRQuery<NoQuery>) async throws -> Reply<RawContent> {
        try reply(FHIR.CapabilityStatement(office, base: try base(office, call)))
    }

    private func location(_ office: OpenOffice, _ call: Call, _: FHIRQuery<NoQuery>) async throws -> Reply<RawContent> {
        guard try call.path(Self.location) == office.tenant else { throw Problem.notFound }
        return try reply(FHIR.Location(office))
    }

    private func practitioner(_ office: OpenOffice, _ call: Call, _: FHIRQuery<NoQuery>) async throws -> Reply<
        RawContent
    > {
        try reply(FHIR.Practitioner(try await schedule(office, try call.path(Self.practitioner))))
    }

    private func schedule(_ office: OpenOffice, _ call: Call, _: FHIRQuery<NoQuery>) async throws -> Reply<RawContent> {
        try reply(FHIR.Schedule(try await schedule(office, try call.path(Self.practitioner)), of: office))
    }

    private func slot(_ office: OpenOffice, _ call: Call, _: FHIRQuery<NoQuery>) async throws -> Reply<RawContent> {
        guard let slot = try await service.searchPublicSlots(try call.path(Self.slot), at: office) else {
            throw Problem.notFound
        }
        return try reply(FHIR.Slot(slot, of: office))
    }

    private func schedules(
        _ office: OpenOffice, _ call: Call, _ query: FHIRQuery<ScheduleSearch>
    ) async throws -> Reply<RawContent> {
        let search = query.search
        let found = try await service.readPublicDays.schedules(at: office).filter {
            search.admits($0, of: office.tenant)
        }
        let rest = search.after.map { last in found.drop { $0.practitioner <= last } } ?? found[...]
        let page = rest.prefix(limit(query, search.count, PageLimit.self))
        let last = page.count == rest.count ? nil : page.last?.practitioner.description
        return try reply(
            try bundle(
                page.map { .schedule(FHIR.Schedule($0, of: office)) }, total: found.count, office, call,
                nextAfter: last))
    }

    private func slots(
        _ office: OpenOffice, _ call: Call, _ query: FHIRQuery<SlotSearchQuery>
    ) async throws -> Reply<RawContent> {
        let search = query.search
        let page =
            if let window = search.window(in: office.period, zone: office.zone) {
                try await service.searchPublicSlots(
                    at: office, in: window, after: search.after, limit: limit(query, search.count, SlotLimit.self),
                    where: search.admits)
            } else {
                SearchPublicSlots.Page.empty
            }
        var included: [FHIR.Bundle.Resource] = []
        if search.include != nil, !page.slots.isEmpty {
            let named = Set(page.slots.map(\.id.practitioner))
            included = try await service.readPublicDays.schedules(at: office).filter { named.contains($0.practitioner) }
                .map { .schedule(FHIR.Schedule($0, of: office)) }
        }
        return try reply(
            try bundle(
                page.slots.map { .slot(FHIR.Slot($0, of: office)) }, including: included, total: page.total, office,
                call, nextAfter: page.isLast ? nil : page.slots.last?.id.description))
    }

    /// How many matches a page has: as many as are wanted and granted, and none if only their number is wanted.
    private func limit<Search: Decodable & Sendable, Limit: CountLimit>(
        _ query: FHIRQuery<Search>, _ wanted: FHIRCount?, _: Limit.Type
    ) -> Int {
        query.presentation.isCount ? 0 : min(wanted?.value ?? Limit.standard.value, Limit.maximum)
    }
}

// What the handlers share.
extension FHIRRoutes {
    private func schedule(_ office: OpenOffice, _ id: Identifier<Resource>) async throws -> PublicSchedule {
        let schedules = try await service.readPublicDays.schedules(at: office)
        guard let schedule = schedules.first(where: { $0.practitioner == id }) else { throw Problem.notFound }
        return schedule
    }

    private func base(_ office: OpenOffice, _ call: Call) throws(Problem) -> String {
        try service.context.publicAddress(of: call).url("/api/fhir/\(office.tenant)")
    }

    /// - Parameter last: the last id of this page if another page follows.
    private func bundle(
        _ matches: [FHIR.Bundle.Resource], including included: [FHIR.Bundle.Resource] = [], total: Int,
        _ office: OpenOffice, _ call: Call, nextAfter last: String?
    ) throws -> FHIR.Bundle {
        let itself = try service.context.publicAddress(of: call).url(call.target)
        return FHIR.Bundle(
            matches, including: included, total: total, base: try base(office, call), itself: itself,
            next: last.flatMap { Self.page(of: itself, after: $0) })
    }

    /// The same search, after `last`.
    private static func page(of search: String, after last: String) -> String? {
        guard var components = URLComponents(string: search) else { return nil }
        let items = (components.percentEncodedQueryItems ?? []).filter { $0.name != "_after" }
        components.percentEncodedQueryItems = items + [URLQueryItem(name: "_after", value: last)]
        return components.string
    }

    private func reply(_ resource: some Encodable) throws -> Reply<RawContent> {
        let content = RawContent(try JSONOutput.encode(resource))
        return Reply(content, entityTag: EntityTag(digestOf: content.bytes))
    }
}

extension SlotID: PathParameter {
    init?(pathText text: String) { self.init(text) }
}
