import EventLoop
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Counts the appointments of some days. The numbers may be a moment old; openings are those of today's weekly plan,
/// with the exceptions and holidays of their days.
struct Statistics: Sendable {
    /// The longest period, in days.
    static let maximumDays = 92

    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    @EventLoop func callAsFunction(_ days: ClosedRange<LocalDay>) async throws -> StatisticsView {
        let zone = try await desk.catalogs.zone(of: desk.store)
        let from = zone.firstInstant(days.lowerBound, .midnight)
        let to = zone.firstInstant(days.upperBound.advanced(by: 1), .midnight)
        let groups = try await desk.store.data.read(
            """
            SELECT status, care_type, practitioner, count(*) AS number,
                sum(extract(epoch FROM ends_at - starts_at))::bigint / 60 AS minutes
            FROM appointments WHERE starts_at >= \(from) AND starts_at < \(to)
            GROUP BY status, care_type, practitioner
            """
        ).map(Group.init)
        let lead = try await desk.store.data.read(
            """
            SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM starts_at - created_at)) / 60)
                ::bigint AS minutes
            FROM appointments WHERE starts_at >= \(from) AND starts_at < \(to) AND status NOT IN ('held', 'expired')
            """)
        let rows = try await desk.store.data.batch(CalendarRows.statements(since: days.lowerBound))
        let catalog = try CalendarRows(rows).catalog(of: desk.store.tenant, zone: zone)
        return StatisticsView(days, groups, medianLeadMinutes: try lead[0].find("minutes"), catalog)
    }

    /// Appointments of one status, care and practitioner.
    struct Group {
        let status: String
        let careType: String
        let practitioner: Identifier<Resource>
        let count: Int
        let minutes: Int

        init(_ row: Row) throws {
            status = try row.get("status")
            careType = try row.get("care_type")
            practitioner = try row.get("practitioner")
            count = try row.get("number")
            minutes = try row.get("minutes")
        }

        /// True when the time was or is really taken.
        var isBooked: Bool { ["confirmed", "completed", "no_show"].contains(status) }
    }
}

struct StatisticsView: Codable, Sendable {
    struct Practitioner: Codable, Sendable {
        let practitioner: NamedResource
        /// Confirmed, completed or missed.
        let appointments: Int
        let bookedMinutes: Int
        let openMinutes: Int
        /// Booked by open time; nil for somebody who was never there.
        let occupancy: Double?
    }

    let from: LocalDay
    let to: LocalDay
    let byStatus: [String: Int]
    let byCareType: [String: Int]
    let byPractitioner: [Practitioner]
    /// Missed by missed and completed; nil when there are neither.
    let noShowRate: Double?
    let occupancy: Double?
    /// Half of the appointments were taken at least so long before they start.
    let medianLeadMinutes: Int?

    init(
        _ days: ClosedRange<LocalDay>, _ groups: [Statistics.Group], medianLeadMinutes: Int?, _ catalog: ClinicCatalog
    ) {
        (from, to, self.medianLeadMinutes) = (days.lowerBound, days.upperBound, medianLeadMinutes)
        func sums(_ key: (Statistics.Group) -> String) -> [String: Int] {
            groups.reduce(into: [:]) { $0[key($1), default: 0] += $1.count }
        }
        byStatus = sums(\.status)
        byCareType = sums(\.careType)
        noShowRate = Self.ratio(
            byStatus["no_show"] ?? 0, of: (byStatus["no_show"] ?? 0) + (byStatus["completed"] ?? 0))
        let clinic = catalog.clinic
        let present = clinic.resources.values.filter { $0.kind == .practitioner }.map(\.id)
        byPractitioner = Set(present + groups.map(\.practitioner)).sorted().map { id in
            let booked = groups.filter { $0.practitioner == id && $0.isBooked }
            let minutes = booked.reduce(0) { $0 + $1.minutes }
            let open = clinic.resources[id].map { clinic.openMinutes(of: $0, on: days) } ?? 0
            return Practitioner(
                practitioner: catalog.named(id), appointments: booked.reduce(0) { $0 + $1.count },
                bookedMinutes: minutes, openMinutes: open, occupancy: Self.ratio(minutes, of: open))
        }
        occupancy = Self.ratio(
            byPractitioner.reduce(0) { $0 + $1.bookedMinutes }, of: byPractitioner.reduce(0) { $0 + $1.openMinutes })
    }

    private static func ratio(_ part: Int, of whole: Int) -> Double? {
        whole == 0 ? nil : Double(part) / Double(whole)
    }
}
