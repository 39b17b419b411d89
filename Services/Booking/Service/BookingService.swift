import BookingDomain
package import EventLoop
package import HTTPServer
package import Messaging
package import Primitives
package import Runtime
package import ServiceHost
package import Tenancy

/// Booking: the central index of who can be seen when, and of every appointment.
package final class BookingService: GuichetService {
    package static let name: TenantSlug = "booking"
    package static let registryMigrations: [MigrationSet] = []
    package static let tenantMigrations = [
        MigrationSet("booking", [Migration(1, "booking", PackageResources.V0001_booking_sql)])
    ]
    package static let commands: [Command<BookingService>] = []

    let platform: Platform
    let catalogs = ClinicCatalogs()
    let now: @Sendable () -> Instant = { .now }

    package init(_ platform: Platform, _ reader: inout ConfigurationReader) { self.platform = platform }

    package var routes: [Route] { [] }

    package var subscriptions: [Subscription] { [] }

    package var jobs: [PeriodicJob] { [] }

    package static func problem(_ error: any Error) -> Problem? { nil }

    /// What a use case for this tenant works with.
    func desk(of tenant: TenantSlug) async throws -> Desk {
        Desk(
            store: try await platform.directory.store(for: tenant), catalogs: catalogs, keyRing: platform.keyRing,
            blindIndex: platform.blindIndex, relay: platform.relay, now: now)
    }
}
