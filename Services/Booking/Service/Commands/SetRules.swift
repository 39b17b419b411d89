import BookingDomain
import EventLoop
import Idempotency
import Postgres
import Scheduling

/// Sets the numbers that the clinic chooses for its appointments.
struct SetRules: Sendable {
    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    /// - Parameter precondition: about the version of the calendar, which any change raises.
    @EventLoop func callAsFunction(_ rules: ClinicRules, if precondition: Precondition) async throws -> SettingsView {
        try await CalendarChange.make(at: desk) { change in
            try precondition.check(change.version - 1)
            try await change.transaction.query(
                """
                UPDATE calendar SET slot_grid_minutes = \(rules.slots.slotGridMinutes),
                    lead_time_minutes = \(rules.slots.leadTimeMinutes), horizon_days = \(rules.slots.horizonDays),
                    hold_lifetime_seconds = \(rules.holdLifetimeSeconds), holds_per_client = \(rules.holdsPerClient),
                    concurrent_bookings = \(rules.concurrentBookings),
                    bookings_per_minute = \(rules.bookingsPerMinute),
                    cancellation_cut_off_minutes = \(rules.cancellationCutOffMinutes)
                """)
            return SettingsView(rules, version: change.version)
        }
    }
}
