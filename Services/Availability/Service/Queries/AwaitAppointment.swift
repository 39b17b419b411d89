import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy

/// Waits until the views know of a certain version of an appointment, so that its maker sees the effect of what he did.
@EventLoop
struct AwaitAppointment {
    /// How long somebody waits at most: publication is nearly always faster.
    private static let patience: Duration = .seconds(2)
    /// How many wait in this process at a time: each looks fifty times a second, and anybody may ask.
    private static let mostWaiting = 32
    private static var waiting = 0

    let store: TenantStore

    /// False when it did not come in time, or when too many wait already.
    func callAsFunction(_ appointment: AppointmentID, version: Int) async throws -> Bool {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            let rows = try await store.data.query(
                """
                SELECT FROM placements WHERE appointment = \(appointment) AND version >= \(version)
                    AND NOT EXISTS (
                        SELECT FROM publications JOIN days USING (day)
                        WHERE view_version IS NULL AND aggregate = \("appointment/\(appointment)"))
                """)
            if !rows.isEmpty { return true }
            guard ContinuousClock.now < deadline, Self.waiting < Self.mostWaiting else { return false }
            Self.waiting += 1
            defer { Self.waiting -= 1 }
            try await EventLoop.sleep(for: .milliseconds(20))
        }
    }
}
