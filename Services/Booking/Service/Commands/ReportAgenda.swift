import BookingDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Says what is taken to a service that keeps an agenda of its own: all that it does not know, or knows otherwise.
struct ReportAgenda: Sendable {
    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    /// The answer to `request` as `transaction` sees the appointments at one instant. Throws ``UnansweredRequest``.
    @EventLoop func callAsFunction(
        _ request: ReportRequested, in transaction: Transaction
    ) async throws -> AgendaReported {
        let window = try Self.window(of: request)
        let rows = try await transaction.batch([
            Self.differences(in: window, from: request.known), ClinicCatalogs.version,
        ])
        let version: Int = try rows[1][0].get("version")
        return AgendaReported(
            window: request.window, entries: try rows[0].map(AgendaEntry.init),
            calendar: version == request.calendarVersion ? nil : try await calendar(version, in: transaction))
    }

    private static func window(of request: ReportRequested) throws(UnansweredRequest) -> TimeRange {
        guard let window = TimeRange(request.window.from, request.window.to) else {
            throw UnansweredRequest(reason: "a window that ends before it begins")
        }
        guard window.minutes <= ReportRequested.maximumDays * 24 * 60 else {
            throw UnansweredRequest(reason: "a window of more than \(ReportRequested.maximumDays) days")
        }
        guard request.known.count <= ReportRequested.maximumKnown else {
            throw UnansweredRequest(reason: "more than \(ReportRequested.maximumKnown) appointments named")
        }
        return window
    }

    /// One statement, so that all is as of one instant.
    private static func differences(in window: TimeRange, from known: [KnownAppointment]) -> SQL {
        """
        WITH known AS (
            SELECT * FROM unnest(\(known.map(\.id))::uuid[], \(known.map(\.version))::bigint[]) AS known (id, seen)
        ), concerned AS (
            SELECT id FROM known
            UNION
            SELECT id FROM appointments
            WHERE starts_at >= \(window.origins.start) AND starts_at < \(window.origins.end)
                AND blocked_from < \(window.end) AND blocked_to > \(window.start)
                AND status IN ('held', 'confirmed', 'completed', 'no_show')
        )
        SELECT \(AppointmentRow.columns), updated_at
        FROM concerned JOIN appointments USING (id) LEFT JOIN known USING (id)
        WHERE version IS DISTINCT FROM seen ORDER BY id
        """
    }

    /// The calendar of the version that was just read; no change of it can come in between.
    @EventLoop private func calendar(_ version: Int, in transaction: Transaction) async throws -> CalendarSnapshot {
        let zone = try await desk.catalogs.zone(of: desk.store)
        try await transaction.query("SELECT require_calendar(\(version))")
        return try await .read(of: desk.store.tenant, zone: zone, at: desk.now(), in: transaction)
    }
}

extension AgendaEntry {
    fileprivate init(_ row: Row) throws {
        let appointment = try AppointmentRow(row).appointment
        self.init(
            appointment: Identifier(appointment.id.uuid), version: appointment.version,
            changedAt: try row.get("updated_at"),
            taken: appointment.status.takesSlot ? TakenTime(appointment.slot) : nil)
    }
}

extension TakenTime {
    fileprivate init(_ slot: Slot) {
        self.init(
            practitioner: Identifier(slot.practitioner.uuid), room: slot.room.map { Identifier($0.uuid) },
            blocked: BlockedTime(slot.blocked))
    }
}

/// Nobody who knows the limits asks for this.
struct UnansweredRequest: Error {
    let reason: String
}
