import BookingDomain
import EventLoop
import Idempotency
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Sets the numbers that the clinic chooses for its appointments.
@EventLoop
struct SetRules {
    let changes: CalendarChanges

    /// - Parameter precondition: compared with the version of the calendar, which every change raises.
    func callAsFunction(
        _ rules: ClinicRules, in tenant: TenantStore, if precondition: Precondition
    ) async throws -> SettingsView {
        try await changes.make(in: tenant) { change in
            try precondition.check(change.version.predecessor)
            try await change.transaction.query(CalendarTables.set(rules))
            return SettingsView(rules, version: change.version)
        }
    }
}
