import AvailabilityDomain
import EventLoop
import FoundationEssentials
import GuichetProtocol
package import HTTPServer
package import Messaging
package import Primitives
import Redis
package import Runtime
package import ServiceHost
package import Tenancy

/// Availability: what of the central index is free, before the eyes of everybody within moments, and the journal of how
/// it came there.
package final class AvailabilityService: GuichetService {
    package static let name: TenantSlug = "availability"
    package static let registryMigrations = [
        MigrationSet("availability-registry", [Migration(1, "offices", PackageResources.R0001_offices_sql)]),
        anomalies, pastDays,
    ]
    package static let tenantMigrations = [
        MigrationSet("availability", [Migration(1, "availability", PackageResources.V0001_availability_sql)]),
        anomalies,
    ]
    nonisolated private static let anomalies = MigrationSet(
        "availability-anomalies", [Migration(1, "anomalies", PackageResources.V0002_anomalies_sql)])
    nonisolated private static let pastDays = MigrationSet(
        "availability-past-days", [Migration(1, "past days", PackageResources.V0003_past_days_sql)])
    package static let commands: [Command<AvailabilityService>] = []
    package static let sampleEnvironment = ["GUICHET_REDIS_URL": "redis://localhost:1"]

    let platform: Platform
    let publication: PublicationMetrics
    let calendars = Calendars()
    let offices: Offices
    let health: CacheHealth
    let press: Press
    let reader: DayReader
    let cache: DayCache
    let answers: AnswerCache<SearchRequest, EncodedContent<SearchView>>
    /// Of SMART Scheduling Links. Some are large, so few are kept.
    let files = AnswerCache<BulkFile.Key, BulkFile>(lifetime: .seconds(60), limit: 32)
    let throttle: ClientThrottle
    /// How many days FHIR and SMART Scheduling Links show.
    let shownDays: Int
    private let publicURL: URL?
    /// One thread: however many days there are to work out, a core is left for what people wait for.
    private let workshop = BlockingPool(threads: 1, waiting: 4096)
    let now: @Sendable () -> Instant = { .now }
    private let auditInterval: Duration
    private(set) lazy var chores = Chores(service: self)

    package init(_ platform: Platform, _ reader: inout ConfigurationReader) throws {
        let configuration = try AvailabilityConfiguration(&reader)
        self.platform = platform
        let client = RedisClient(configuration.redis)
        publication = PublicationMetrics(platform.metrics)
        offices = Offices(platform.directory)
        cache = DayCache(client: client)
        health = CacheHealth(cache, platform.directory, platform.relay, publication, now: now)
        press = Press(cache, health, offices, publication, platform.relay, now: now)
        self.reader = DayReader(cache, health, platform.directory, publication)
        answers = AnswerCache(lifetime: configuration.answerLifetime)
        throttle = ClientThrottle(attemptsPerMinute: configuration.searchesPerMinute)
        (shownDays, publicURL) = (configuration.shownDays, configuration.publicURL)
        auditInterval = configuration.auditInterval
        self.reader.onCorruption = { [weak self] in self?.chores.noteCorruption(of: $0) }
    }

    package var routes: [Route] {
        SearchRoutes(service: self).routes + CareAlertRoutes(service: self).routes + OfficeRoutes(service: self).routes
            + OversightRoutes(service: self).routes + BulkRoutes(service: self).routes
            + FHIRRoutes(service: self).routes
    }

    package func close() { cache.client.close() }

    package var subscriptions: [Subscription] { consumed }

    package var jobs: [PeriodicJob] {
        let (offices, chores, audit) = (self.offices, self.chores, Audit(service: self))
        let patrol = Patrol(service: self)
        return [
            PeriodicJob("offices", every: .seconds(1)) { try await offices.reload() },
            PeriodicJob("cache", every: .milliseconds(200)) { [self] in
                try await health.warm { try await chores.publishEverything() }
            },
            PeriodicJob("chores", every: .seconds(1)) { try await chores.run() },
            PeriodicJob("audit", every: auditInterval) { try await audit.run() },
            PeriodicJob("patrol", every: .seconds(1)) { try await patrol.run() },
        ]
    }

    package static func problem(_ error: any Error) -> Problem? { AvailabilityProblems.problem(error) }

    /// What the addresses in an answer begin with.
    func publicAddress(of call: Call) throws(Problem) -> PublicAddress {
        try PublicAddress(of: call, configured: publicURL)
    }

    /// What a use case for this tenant works with.
    func desk(of store: TenantStore) -> Desk {
        Desk(
            store: store, calendars: calendars, press: press, relay: platform.relay, chores: chores, workshop: workshop,
            now: now)
    }

    /// Works a search out, as its answer is sent.
    func search(_ request: SearchRequest, isFresh: Bool) async throws -> EncodedContent<SearchView> {
        let search = SearchSlots(
            reader: reader, directory: platform.directory, calendars: calendars, now: now())
        let result = try await search(request, isFresh: isFresh)
        return try EncodedContent(await view(of: result))
    }

    private func view(of result: SearchResult) async throws -> SearchView {
        var views: [OfficeView] = []
        for tenant in Set(result.slots.map(\.tenant)).sorted() {
            views.append(OfficeView(try await platform.directory.store(for: tenant).tenant, offices.entry(of: tenant)))
        }
        return SearchView(
            slots: result.slots.map(SlotView.init), offices: views, isCut: result.isCut,
            withheld: result.withheld.map { WithheldDay(office: $0.tenant, day: $0.day) }, degraded: result.isDegraded)
    }
}
