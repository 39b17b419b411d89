import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
package import HTTPServer
package import Primitives
package import Runtime
import Scheduling
package import ServiceHost
package import Tenancy

/// Booking: the central index of who can be seen when, and of every appointment.
package final class BookingService: GuichetService {
    package static let name: TenantSlug = "booking"
    package static let registryMigrations: [MigrationSet] = []
    package static let tenantMigrations = [
        MigrationSet(
            "booking",
            [
                Migration(1, "booking", PackageResources.V0001_booking_sql),
                Migration(2, "calendar administration", PackageResources.V0002_calendar_administration_sql),
                Migration(3, "first holds", PackageResources.V0003_first_holds_sql),
                Migration(4, "holds of a client", PackageResources.V0004_holds_of_a_client_sql),
                Migration(5, "retention", PackageResources.V0005_retention_sql),
            ])
    ]
    package static let encryptedColumns = [PatientRecords.contact]
    package static let commands: [Command<BookingService>] = []

    let platform: Platform
    let catalogs = ClinicCatalogs()
    let now: @Sendable () -> Instant = { .now }
    /// How long the data of patients are kept who do not come any more.
    let retentionYears: Int
    private var rushes: [TenantSlug: Rush] = [:]

    package init(_ platform: Platform, _ reader: inout ConfigurationReader) {
        self.platform = platform
        retentionYears = reader.integer(
            "GUICHET_BOOKING_RETENTION_YEARS", default: 7, in: 1...100,
            "Years from a patient's last appointment until who it was is forgotten; as long are lines of the audit kept."
        )
    }

    package var routes: [Route] {
        AppointmentRoutes(service: self).routes + ResourceRoutes(service: self, kind: .practitioner).routes
            + ResourceRoutes(service: self, kind: .room).routes + CalendarRoutes(service: self).routes
            + PatientRoutes(service: self).routes + StrictRoutes(service: self).routes
            + StatisticsRoutes(service: self).routes + FeedRoutes(service: self).routes
    }

    package var jobs: [PeriodicJob] {
        let (expiry, retention) = (ExpireHolds(self), EndRetention(self))
        return [
            PeriodicJob("holds", every: .milliseconds(500)) { await expiry.run() },
            PeriodicJob("hold-watch", every: .seconds(5)) { try await expiry.look() },
            PeriodicJob("retention", every: .seconds(3600)) { try await retention.run() },
        ]
    }

    package static func problem(_ error: any Error) -> Problem? { BookingProblems.problem(error) }

    /// What a use case for this tenant works with.
    func desk(of tenant: TenantSlug) async throws -> Desk {
        desk(at: try await platform.directory.store(for: tenant))
    }

    /// What a use case works with that reaches its tenant in this way.
    func desk(at store: TenantStore) -> Desk {
        Desk(
            store: store, catalogs: catalogs, keyRing: platform.keyRing, blindIndex: platform.blindIndex,
            relay: platform.relay, now: now)
    }

    /// What a use case for the caller's tenant works with.
    func desk(of call: Call) async throws -> Desk { try await desk(of: call.authenticated().tenant) }

    /// Runs a booking, unless the tenant has as many under way, or has begun as many this minute, as its rules allow.
    /// Each process counts its own, and takes its share of what all may together.
    func gated<T>(_ desk: Desk, _ body: @EventLoop () async throws -> T) async throws -> T {
        let tenant = desk.store.tenant.slug
        let rules = try await catalogs.recent(of: desk.store).rules
        let minute = now().seconds / 60
        var rush = rushes[tenant] ?? Rush(minute: minute)
        if rush.minute != minute { (rush.minute, rush.started) = (minute, 0) }
        try rules.checkBooking(
            running: rush.running, startedThisMinute: rush.started, among: platform.presence.processes)
        rush.running += 1
        rush.started += 1
        rushes[tenant] = rush
        defer { rushes[tenant]?.running -= 1 }
        return try await body()
    }

    /// How busy a tenant's booking is in this process.
    private struct Rush {
        var minute: Int64
        var running = 0
        var started = 0
    }
}
