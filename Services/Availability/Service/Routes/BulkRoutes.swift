import EventLoop
import GuichetProtocol
import HTTPServer
import Primitives
import ServiceHost
import Tenancy

/// SMART Scheduling Links: all slots that are open to the public, in files that aggregators fetch every few minutes.
@EventLoop
struct BulkRoutes {
    private static let mediaType = "application/fhir+ndjson"
    /// How often clients may fetch a file, in seconds.
    private static let pollInterval = 60

    private static let tenant = PathVariable<TenantSlug>("tenant", "The slug of a tenant that is open to the public.")
    private static let day = PathVariable<LocalDay>("day", "The Monday with which the week begins.")

    let service: AvailabilityService

    var routes: [Route] {
        [
            Route(
                "readBulkManifest", .get, "/api/availability/$bulk-publish",
                "Lists the files that hold every slot open to the public (SMART Scheduling Links).",
                access: .anyone, sends: [.entityTag], problems: [.tooManyRequests], handler: manifest),
            Route(
                "readBulkLocations", .get, "/api/availability/bulk/locations",
                "The tenants that are open to the public, one per line.",
                access: .anyone, produces: Self.mediaType, sends: [.entityTag], problems: [.tooManyRequests],
                handler: locations),
            Route(
                "readBulkSchedules", .get, "/api/availability/bulk/schedules",
                "The schedules of their practitioners, one per line.",
                access: .anyone, produces: Self.mediaType, sends: [.entityTag], problems: [.tooManyRequests],
                handler: schedules),
            Route(
                "readBulkSlots", .get, "/api/availability/bulk/slots/\(Self.tenant)/\(Self.day)",
                "The slots of a tenant in the week that begins on this Monday, one per line.",
                access: .anyone, produces: Self.mediaType, sends: [.entityTag], problems: [.tooManyRequests],
                handler: slots),
        ].tagged("Bulk publication", "Files of all free slots (SMART Scheduling Links).")
    }

    private func manifest(
        _ call: Call, _ query: ChangesQuery, _: NoBody
    ) async throws -> Reply<EncodedContent<BulkManifest>> {
        try service.throttle.admit(call.clientAddress)
        let content = try EncodedContent(
            BulkManifest(
                of: try await service.findOpenOffices(), at: service.context.now,
                address: try service.context.publicAddress(of: call),
                target: call.target, since: query.since))
        return Reply(content, entityTag: content.entityTag).with("cache-control", Self.cacheControl)
    }

    private func locations(_ call: Call, _: AnyQuery, _: NoBody) async throws -> Reply<RawContent> {
        try service.throttle.admit(call.clientAddress)
        let offices = try await service.findOpenOffices()
        return try await file(Self.key("locations", offices)) { try await BulkFile(offices.map { FHIR.Location($0) }) }
    }

    /// The care that practitioners give rarely changes: a file is kept for some seconds.
    private func schedules(_ call: Call, _: AnyQuery, _: NoBody) async throws -> Reply<RawContent> {
        try service.throttle.admit(call.clientAddress)
        let offices = try await service.findOpenOffices()
        let (readPublicDays, moment) = (service.readPublicDays, Int(service.context.now.seconds / 5))
        return try await file(Self.key("schedules", offices, [moment])) {
            var schedules: [FHIR.Schedule] = []
            for office in offices {
                schedules += try await readPublicDays.schedules(at: office)
                    .map { FHIR.Schedule(published: $0, of: office) }
            }
            return try await BulkFile(schedules)
        }
    }

    private func slots(_ call: Call, _ query: ChangesQuery, _: NoBody) async throws -> Reply<RawContent> {
        try service.throttle.admit(call.clientAddress)
        guard let office = try await service.findOpenOffices(call.path(Self.tenant)),
            let week = office.days(ofWeek: try call.path(Self.day))
        else { throw Problem.notFound }
        var days = Array(week)
        if let since = query.since {
            let store = try await service.context.store(for: office.tenant)
            days = try await service.findChangedDays(days, since: since, of: store)
        }
        let readPublicDays = service.readPublicDays
        let entries = try await readPublicDays.entries(days, at: office)
        let state = [Int(office.now.seconds)] + entries.flatMap { [$0.key.day.daysSinceEpoch, $0.version] }
        return try await file(Self.key("slots", [office], state)) {
            try await BulkFile(
                try await readPublicDays.slots(entries, at: office).lazy.map { FHIR.Slot($0, of: office) })
        }
    }

    /// The file; it is computed again only after something that it depends on has changed.
    private func file(
        _ key: BulkFile.Key, _ make: @escaping @EventLoop @Sendable () async throws -> BulkFile
    ) async throws -> Reply<RawContent> {
        let file = try await service.files.answer(to: key, make).answer
        return Reply(file.content, entityTag: file.entityTag).with("cache-control", Self.cacheControl)
    }

    private static var cacheControl: String { "public, max-age=\(pollInterval)" }

    private static func key(_ name: String, _ offices: [OpenOffice], _ state: [Int] = []) -> BulkFile.Key {
        BulkFile.Key(
            name: ([name] + offices.map(\.tenant.description)).joined(separator: " "),
            state: offices.map(\.version) + state)
    }
}

/// Asks only for what has changed.
struct ChangesQuery: OpenQuery, Codable {
    static let parameters: Set<String> = [CodingKeys.since.rawValue]

    /// Days that have not changed since are left out; a changed day is complete.
    let since: Instant?

    private enum CodingKeys: String, CodingKey {
        case since = "_since"
    }
}
