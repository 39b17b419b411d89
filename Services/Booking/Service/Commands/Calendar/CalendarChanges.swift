import BookingDomain
import EventLoop
import GuichetProtocol
import Idempotency
import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Changes of the calendars. Each is one transaction that raises the calendar's version, so that every process reads the
/// calendar again, and records its event. Changes of one calendar wait for each other and for the bookings under way.
@EventLoop
struct CalendarChanges {
    let context: ServiceContext
    let catalogs: ClinicCatalogs

    /// Runs `body` as a change, once for each key.
    func make<View: Codable & Sendable>(
        in tenant: TenantStore, key: IdempotencyRecord? = nil,
        _ body: @EventLoop (CalendarChange) async throws -> View
    ) async throws -> View {
        // Before the transaction, since reading the zone may take a session of its own.
        let zone = try await catalogs.zone(of: tenant)
        let view = try await tenant.data.once(key) { transaction in
            let (_, version) = try await transaction.ask(.run(CalendarTables.lock), CalendarTables.raise)
            let change = CalendarChange(
                transaction: transaction, version: version, tenant: tenant.tenant, zone: zone, now: context.now)
            let view = try await body(change)
            try await change.recordEvent()
            return view
        }
        context.eventsCommitted(in: tenant.data)
        return view
    }
}

/// A change of the calendar that is under way.
@EventLoop
struct CalendarChange {
    let transaction: Transaction
    /// The calendar's version with this change.
    let version: EntityVersion
    let tenant: TenantProfile
    let zone: ZoneOffsets
    let now: Instant

    /// Records the calendar as this change leaves it.
    fileprivate func recordEvent() async throws {
        let calendar = try await CalendarSnapshot.read(of: tenant, zone: zone, at: now, in: transaction)
        try await transaction.query(PublishedEvents.record(calendar, tenant: tenant.slug, at: now))
    }

    /// The future appointments outside the hours as this change leaves them, by start: of one resource or of all, on one
    /// day or on all. They stay as they are; the clinic moves them or talks to the patients.
    func conflicts(
        of resource: Identifier<Resource>? = nil, on day: LocalDay? = nil
    ) async throws -> [Identifier<Appointment>] {
        let from = max(now, day.map { zone.firstInstant($0, .midnight) } ?? now)
        let to = day.map { zone.firstInstant($0.advanced(by: 1), .midnight) }
        let appointments = try await transaction.ask(FutureAppointments.find(of: resource, from: from, to: to))
            .map(\.appointment)
        let yesterday = zone.local(now).day.advanced(by: -1)
        let catalog = try await CalendarTables.catalog(of: tenant, zone: zone, since: yesterday) {
            try await transaction.batch($0)
        }
        let outside = Set(catalog.clinic.outsideHours(appointments.map(\.slot)))
        return appointments.filter { outside.contains($0.slot) }.map(\.id)
    }
}
