import EventLoop
import GuichetProtocol
import Postgres
import Tenancy

/// Waits until the views contain a certain version of an appointment, so that a client sees the effect of its own
/// booking.
@EventLoop
final class AwaitAppointment {
    /// How long a request waits at most: publication is nearly always faster.
    private static let timeout: Duration = .seconds(2)

    private var shares = WaitingShares()

    /// Returns false on timeout, or if too many requests are waiting: of this client, or of its kind.
    func callAsFunction(
        _ appointment: AppointmentID, version: Int, of store: TenantStore, for client: WaitingShares.Client
    ) async throws -> Bool {
        let isShown = Placements.isShown(appointment, version: version)
        if try await store.data.ask(isShown) { return true }
        guard shares.enter(client) else { return false }
        defer { shares.leave(client) }
        let deadline = ContinuousClock.now + Self.timeout
        while ContinuousClock.now < deadline {
            try await EventLoop.sleep(for: shares.pause)
            if try await store.data.ask(isShown) { return true }
        }
        return false
    }
}
