import BookingDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Reports the agenda to a service that keeps a copy: everything that differs from what the service knows.
@EventLoop
struct ReportAgenda {
    let context: ServiceContext
    let catalogs: ClinicCatalogs

    /// Records the report in `transaction`, which sees the appointments as of one instant. Throws
    /// ``UnansweredRequest``.
    func callAsFunction(
        _ request: CloudEvent<ReportRequested>, of tenant: TenantStore, in transaction: Transaction
    ) async throws {
        let window = try Self.window(of: request.data)
        let (entries, version) = try await transaction.ask(
            ReportedAgenda.differences(in: window, from: request.data.known), CalendarTables.version)
        let isKnown = version.number == request.data.calendarVersion
        let report = AgendaReported(
            window: request.data.window, entries: entries,
            calendar: isKnown ? nil : try await calendar(version, of: tenant, in: transaction))
        try await transaction.query(
            PublishedEvents.record(report, answering: request.attributes, at: context.now))
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

    /// The calendar of the version that was just read: the lock keeps changes waiting.
    private func calendar(
        _ version: EntityVersion, of tenant: TenantStore, in transaction: Transaction
    ) async throws -> CalendarSnapshot {
        let zone = try await catalogs.zone(of: tenant)
        try await transaction.query(CalendarTables.require(version: version))
        return try await .read(of: tenant.tenant, zone: zone, at: context.now, in: transaction)
    }
}

/// The request exceeds a limit of the protocol.
struct UnansweredRequest: Error {
    let reason: String
}
