import Cryptography
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Reads a practitioner's agenda for calendar programs: ninety days back, and all that is to come.
struct ReadAgenda: Sendable {
    private static let past = Duration.seconds(90 * 86_400)
    /// How long a program that was away still learns that something was called off.
    private static let cancelledLifetime = Duration.seconds(30 * 86_400)
    private static let maximumEvents = 5000

    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    /// The agenda that a secret opens. Throws ``NotFound`` for any other.
    @EventLoop func feed(secret: String) async throws -> AgendaFeed {
        let digest = ShareAgenda.digest(of: secret)
        let rows = try await desk.store.data.query(
            "SELECT practitioner, token_digest FROM feeds WHERE token_digest = \(digest)")
        guard let row = rows.first, constantTimeEquals(try row.get("token_digest"), digest) else { throw NotFound() }
        return try await feed(of: row.get("practitioner"))
    }

    @EventLoop func feed(of practitioner: Identifier<Resource>) async throws -> AgendaFeed {
        let now = desk.now()
        // Holds come and go by the minute: an agenda shows what was confirmed once.
        let rows = try await desk.store.data.batch([
            ClinicCatalogs.version,
            "SELECT name FROM resources WHERE id = \(practitioner) AND kind = 'practitioner'",
            """
            SELECT \(AppointmentRow.columns), created_at, updated_at FROM appointments
            WHERE practitioner = \(practitioner) AND starts_at > \(now - Self.past) AND patient IS NOT NULL
                AND (status IN ('confirmed', 'completed', 'no_show')
                    OR status = 'cancelled' AND updated_at > \(now - Self.cancelledLifetime))
            ORDER BY starts_at, id LIMIT \(Self.maximumEvents)
            """,
        ])
        guard let owner = rows[1].first else { throw NotFound() }
        let catalog = try await desk.catalogs.catalog(of: desk.store, asOf: rows[0])
        let entries = try rows[2].map { row in
            AgendaFeed.Entry(
                appointment: try AppointmentRow(row).appointment, created: try row.get("created_at"),
                updated: try row.get("updated_at"))
        }
        return AgendaFeed(
            entries, of: NamedResource(id: practitioner, name: try owner.get("name")), tenant: desk.store.tenant.slug,
            catalog)
    }
}
