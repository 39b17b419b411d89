import Authentication
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
    /// How many requests of one client wait in this process at a time.
    private static let clientLimit = 4
    /// How many requests of the public wait in this process at a time, and how many of those who are logged in.
    private static let waitingLimit = 128
    /// All waiting requests together query the databases at most so often, however many they are.
    private static let queriesPerSecond = 1600

    /// Who waits.
    enum Client: Hashable {
        /// A client without a token, by its network.
        case network(ClientAddress)
        case user(UserID)
    }

    private var waiting: [Client: Int] = [:]
    private var anonymousCount = 0
    private var userCount = 0

    /// Returns false on timeout, or if too many requests are waiting: of this client, or of its kind.
    func callAsFunction(
        _ appointment: AppointmentID, version: Int, of store: TenantStore, for client: Client
    ) async throws -> Bool {
        let deadline = ContinuousClock.now + Self.timeout
        while true {
            if try await store.data.ask(Placements.isShown(appointment, version: version)) { return true }
            guard ContinuousClock.now < deadline, admits(client) else { return false }
            count(client, 1)
            defer { count(client, -1) }
            try await EventLoop.sleep(for: pause)
        }
    }

    /// 20 ms, or longer if many wait.
    private var pause: Duration {
        max(.milliseconds(20), .seconds(1) * (anonymousCount + userCount) / Self.queriesPerSecond)
    }

    private func admits(_ client: Client) -> Bool {
        let ofKind = if case .network = client { anonymousCount } else { userCount }
        return ofKind < Self.waitingLimit && waiting[client, default: 0] < Self.clientLimit
    }

    private func count(_ client: Client, _ change: Int) {
        if case .network = client { anonymousCount += change } else { userCount += change }
        let count = waiting[client, default: 0] + change
        waiting[client] = count == 0 ? nil : count
    }
}
