import Authentication
import GuichetProtocol

/// Which requests may wait in this process. Each client has a share, and so have the public and those who are logged in, so
/// that none of them keeps the others from waiting.
struct WaitingShares {
    enum Client: Hashable {
        /// A client without a token, by its network.
        case network(ClientAddress)
        case user(UserID)
    }

    /// How many requests of the public wait at a time, and how many of those who are logged in.
    static let kindLimit = 128
    /// How many requests of one client wait at a time: many people can have one address.
    static let clientLimit = 32
    /// The same for a client that comes when half the places of its kind are taken.
    static let busyClientLimit = 4
    /// How often all waiting requests together query the databases at most, however many they are.
    private static let queriesPerSecond = 1600

    private var waiting: [Client: Int] = [:]
    private var publicCount = 0
    private var userCount = 0

    /// How long each waits between two queries: 20 ms, or longer if many wait.
    var pause: Duration {
        max(.milliseconds(20), .seconds(1) * (publicCount + userCount) / Self.queriesPerSecond)
    }

    /// Takes a place. Returns false if the client, or its kind, has none left.
    mutating func enter(_ client: Client) -> Bool {
        let ofKind = if case .network = client { publicCount } else { userCount }
        let share = ofKind < Self.kindLimit / 2 ? Self.clientLimit : Self.busyClientLimit
        guard ofKind < Self.kindLimit, waiting[client, default: 0] < share else { return false }
        count(client, 1)
        return true
    }

    /// Gives back the place of a client that entered.
    mutating func leave(_ client: Client) { count(client, -1) }

    private mutating func count(_ client: Client, _ change: Int) {
        if case .network = client { publicCount += change } else { userCount += change }
        let count = waiting[client, default: 0] + change
        waiting[client] = count == 0 ? nil : count
    }
}
