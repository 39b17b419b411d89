import EventLoop
import GuichetProtocol
import HTTPServer
import Primitives
import ServiceHost
import Tenancy

/// SMART Scheduling Links: all that is open to the public, in files that aggregators fetch every few minutes.
@EventLoop
struct BulkRoutes {
    /// Where the files are.
    nonisolated static let folder = "/api/availability/bulk"
    private static let mediaType = "application/fhir+ndjson"
    /// How often is often enough.
    private static let pollInterval = 60

    let service: AvailabilityService

    var routes: [Route] {
        [
            Route(
                .get, "/api/availability/$bulk-publish",
                "Lists the files that hold every slot open to the public (SMART Scheduling Links).",
                access: .anyone, problems: [.tooManyRequests], handler: manifest),
            Route(
                .get, "/api/availability/bulk/locations", "The tenants that are open to the public, one a line.",
                access: .anyone, produces: Self.mediaType, problems: [.tooManyRequests], handler: locations),
            Route(
                .get, "/api/availability/bulk/schedules", "Their practitioners' schedules, one a line.",
                access: .anyone, produces: Self.mediaType, problems: [.tooManyRequests], handler: schedules),
            Route(
                .get, "/api/availability/bulk/slots/{tenant}/{day}",
                "A tenant's slots of the week that begins on a Monday, one a line.",
                access: .anyone, produces: Self.mediaType,
                parameters: ["tenant": TenantSlug.self, "day": LocalDay.self],
                problems: [.tooManyRequests], handler: slots),
        ]
    }

    private func manifest(
        _ call: Call, _ query: ChangesQuery, _: NoBody
    ) async throws -> Reply<EncodedContent<BulkManifest>> {
        try service.throttle.admit(call.clientAddress)
        let content = try EncodedContent(
            BulkManifest(
                of: try await service.openOffices(), at: service.now(), address: try service.publicAddress(of: call),
                target: call.target, since: query.since))
        return Reply(content, entityTag: content.entityTag).with("cache-control", Self.cacheControl)
    }

    private func locations(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<RawContent> {
        try service.throttle.admit(call.clientAddress)
        let offices = try await service.openOffices()
        return try await file(Self.key("locations", offices)) { try await BulkFile(offices.map { FHIR.Location($0) }) }
    }

    /// What practitioners give changes seldom: a file serves for some seconds.
    private func schedules(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<RawContent> {
        try service.throttle.admit(call.clientAddress)
        let offices = try await service.openOffices()
        let (reader, moment) = (service.reader, Int(service.now().seconds / 5))
        return try await file(Self.key("schedules", offices, [moment])) {
            var schedules: [FHIR.Schedule] = []
            for office in offices {
                schedules += try await ReadPublicDays(reader: reader, office: office).schedules()
                    .map { FHIR.Schedule(published: $0, of: office) }
            }
            return try await BulkFile(schedules)
        }
    }

    private func slots(_ call: Call, _ query: ChangesQuery, _: NoBody) async throws -> Reply<RawContent> {
        try service.throttle.admit(call.clientAddress)
        guard let office = try await service.openOffice(call.path("tenant")),
            let week = office.days(ofWeek: try call.path("day"))
        else { throw Problem.notFound }
        var days = Array(week)
        if let since = query.since {
            let store = try await service.platform.directory.store(for: office.tenant)
            days = try await FindChangedDays(store: store)(days, since: since)
        }
        let reading = ReadPublicDays(reader: service.reader, office: office)
        let entries = try await reading.entries(days)
        let state = [Int(office.now.seconds)] + entries.flatMap { [$0.key.day.daysSinceEpoch, $0.version] }
        return try await file(Self.key("slots", [office], state)) {
            try await BulkFile(try await reading.slots(entries).lazy.map { FHIR.Slot($0, of: office) })
        }
    }

    /// The file, kept as long as nothing that it depends on has changed.
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

/// Asks for what has changed only.
struct ChangesQuery: Codable, Sendable {
    /// Days that have not changed since are left out; a day that has is there as a whole.
    let since: Instant?

    private enum CodingKeys: String, CodingKey {
        case since = "_since"
    }
}
