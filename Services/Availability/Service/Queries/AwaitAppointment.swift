import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy

/// Waits until the views contain a certain version of an appointment, so that a client sees the effect of its own
/// booking.
@EventLoop
final class AwaitAppointment {
    /// How long a request waits at most: publication is nearly always faster.
    private static let timeout: Duration = .seconds(2)
    /// How many requests wait in this process at a time: each queries fifty times a second, and the public may ask.
    private static let waitingLimit = 32

    private var waiting = 0

    /// Returns false on timeout, or if too many requests are waiting.
    func callAsFunction(_ appointment: AppointmentID, version: Int, of store: TenantStore) async throws -> Bool {
        let deadline = ContinuousClock.now + Self.timeout
        while true {
            if try await store.data.ask(Placements.isShown(appointment, version: version)) { return true }
            guard ContinuousClock.now < deadline, waiting < Self.waitingLimit else { return false }
            waiting += 1
            defer { waiting -= 1 }
            try await EventLoop.sleep(for: .milliseconds(20))
        }
    }
}
