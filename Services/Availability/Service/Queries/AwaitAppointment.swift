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

    let store: TenantStore

    /// False when it did not come in time.
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
            guard ContinuousClock.now < deadline else { return false }
            try await EventLoop.sleep(for: .milliseconds(20))
        }
    }
}
