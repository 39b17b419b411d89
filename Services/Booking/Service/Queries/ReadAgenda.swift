import BookingDomain
import Cryptography
import EventLoop
import GuichetProtocol
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Reads a practitioner's agenda for calendar programs: ninety days back, and everything in the future.
@EventLoop
struct ReadAgenda {
    private static let past = Duration.seconds(90 * 86_400)
    /// How long the agenda shows a cancellation, for programs that were offline.
    private static let cancelledLifetime = Duration.seconds(30 * 86_400)
    private static let maximumEvents = 5000

    let context: ServiceContext
    let catalogs: ClinicCatalogs

    init(_ context: ServiceContext, _ catalogs: ClinicCatalogs) {
        (self.context, self.catalogs) = (context, catalogs)
    }

    /// The agenda that a secret opens. Throws ``NotFound`` for any other secret.
    func callAsFunction(secret: String, in tenant: TenantStore) async throws -> AgendaFeed {
        let digest = Feeds.digest(of: secret)
        guard let feed = try await tenant.data.ask(Feeds.find(digest: digest)),
            constantTimeEquals(feed.digest, digest)
        else { throw NotFound() }
        return try await self(of: feed.practitioner, in: tenant)
    }

    func callAsFunction(of practitioner: Identifier<Resource>, in tenant: TenantStore) async throws -> AgendaFeed {
        let now = context.now
        let (version, resources, entries) = try await tenant.data.ask(
            CalendarTables.version, Resources.find(.practitioner, practitioner),
            AgendaFeed.Entry.find(
                of: practitioner, since: now - Self.past, cancelledSince: now - Self.cancelledLifetime,
                limit: Self.maximumEvents))
        guard let owner = resources.first else { throw NotFound() }
        let catalog = try await catalogs.catalog(of: tenant, version: version)
        return AgendaFeed(
            entries, of: NamedResource(id: practitioner, name: owner.name), at: tenant.tenant,
            zone: try await catalogs.zone(of: tenant), catalog)
    }
}
