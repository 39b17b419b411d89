import BookingDomain
import Primitives
import Scheduling

/// How many appointments of one status, care and practitioner there are, and their minutes.
struct AppointmentCount: Sendable {
    let status: String
    let careType: String
    let practitioner: Identifier<Resource>
    let count: Int
    let minutes: Int

    /// True if the time was or is taken.
    var isBooked: Bool { ["confirmed", "completed", "no_show"].contains(status) }
}

/// Numbers of the appointments of some days.
struct StatisticsView: Codable, Sendable {
    /// Numbers of one practitioner.
    struct Practitioner: Codable, Sendable {
        /// The practitioner.
        let practitioner: NamedResource
        /// Appointments that are confirmed, completed or missed.
        let appointments: Int
        /// The time of these appointments.
        let bookedMinutes: Int
        /// The time in which appointments were possible.
        let openMinutes: Int
        /// Booked divided by open time; absent for a practitioner without open time.
        let occupancy: Double?
    }

    /// The first day.
    let from: LocalDay
    /// The last day.
    let to: LocalDay
    /// Counts by status.
    let byStatus: [String: Int]
    /// Counts by type of care.
    let byCareType: [String: Int]
    /// Numbers of each practitioner.
    let byPractitioner: [Practitioner]
    /// Missed divided by missed and completed; absent if there are neither.
    let noShowRate: Double?
    /// Booked divided by open time of all practitioners; absent without open time.
    let occupancy: Double?
    /// The median time between booking and start; absent without bookings.
    let medianLeadMinutes: Int?

    init(
        _ days: ClosedRange<LocalDay>, _ groups: [AppointmentCount], medianLeadMinutes: Int?, _ catalog: ClinicCatalog
    ) {
        (from, to, self.medianLeadMinutes) = (days.lowerBound, days.upperBound, medianLeadMinutes)
        func sums(_ key: (AppointmentCount) -> String) -> [String: Int] {
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
