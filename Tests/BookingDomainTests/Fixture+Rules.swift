import BookingDomain
import Scheduling
import SchedulingTesting

extension Fixture {
    static func rules(
        address: String = "Cité 109, Daboussy El Achour, Alger", timeZone: String = "Africa/Algiers",
        holdLifetimeSeconds: Int = 300, holdsPerClient: Int = 3, bookingsPerClient: Int = 10,
        concurrentBookings: Int = 50,
        bookingsPerMinute: Int = 6000, cancellationCutOffMinutes: Int = 0
    ) throws -> ClinicRules {
        try ClinicRules(
            address: address, timeZone: timeZone, phone: .algerianMobile, slots: slotRules(),
            holdLifetimeSeconds: holdLifetimeSeconds, holdsPerClient: holdsPerClient,
            bookingsPerClient: bookingsPerClient,
            concurrentBookings: concurrentBookings, bookingsPerMinute: bookingsPerMinute,
            cancellationCutOffMinutes: cancellationCutOffMinutes)
    }
}

extension Result where Failure == BookingError {
    var slug: String? { if case .failure(let error) = self { error.slug } else { nil } }
}
