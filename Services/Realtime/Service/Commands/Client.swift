import Authentication
import EventLoop
import GuichetProtocol
import Primitives
import RealtimeDomain

/// How a client is reached: a WebSocket, a stream of events, a session of Socket.IO.
@EventLoop
protocol Transport: AnyObject {
    /// Sends an announcement to the client, or queues it.
    func send(_ announcement: Announcement)
    /// Sends an announcement to all clients of the transport in a room; called for those that share rooms.
    func broadcast(_ announcement: Announcement, to room: Room)
    /// Called when the rights that the token gave have ended, and the rooms that they opened are left.
    func revoked(_ reason: Refusal)
    /// Called when a room is left because what it showed has ended.
    func left(_ room: Room)
}

extension Transport {
    func broadcast(_ announcement: Announcement, to room: Room) {
        preconditionFailure("the transport of \(room) has no rooms of its own")
    }
}

/// A connected client and the rooms that it listens to, whatever its transport.
@EventLoop
final class Client {
    /// What opened a room, and closes it when it ends.
    enum Grant: Equatable {
        /// The access token of the client.
        case token
        /// The token of a ticket.
        case ticket
        /// The token of a display.
        case display(DisplayID, digest: String)
    }

    /// The most rooms of a client.
    nonisolated static let maximumRooms = 16
    /// Messages per second that a client may send, and how many at once.
    private static let messageRate = (perSecond: 20.0, atOnce: 40.0)

    /// The address of the client.
    let address: ClientAddress
    /// Whether pages of the tenant, or the client itself, may listen.
    let permits: @EventLoop (TenantSlug) -> Bool
    /// Whether its transport sends to all clients in a room at once.
    let sharesRooms: Bool
    /// The tenant whose limit the client counts for; nil until it is known.
    var tenant: TenantSlug?
    /// The caller that the token of the client names; nil without one.
    private(set) var principal: Principal?
    private(set) var rooms: [Room: Grant] = [:]
    /// Since when it has been in no room; nil while it is in one.
    private(set) var vacantSince: ContinuousClock.Instant? = .now
    weak var transport: (any Transport)?
    /// True while its connection is lost and may be recovered: it keeps its rooms, and no one reads what they get.
    var isAway = false
    private var allowance = messageRate.atOnce
    private var allowedAt = ContinuousClock.now

    init(
        at address: ClientAddress, sharesRooms: Bool = false, permits: @escaping @EventLoop (TenantSlug) -> Bool
    ) {
        (self.address, self.sharesRooms, self.permits) = (address, sharesRooms, permits)
    }

    /// Takes another principal. Rooms that the earlier one opened must have been left, or be the same for both.
    func identify(as principal: Principal?) { self.principal = principal }

    /// Returns false for a client that sends too many messages.
    func admitsMessage() -> Bool {
        let now = ContinuousClock.now
        allowance = min(
            Self.messageRate.atOnce, allowance + (now - allowedAt) / .seconds(1) * Self.messageRate.perSecond)
        allowedAt = now
        guard allowance >= 1 else { return false }
        allowance -= 1
        return true
    }

    func note(_ room: Room, opened grant: Grant) {
        rooms[room] = grant
        vacantSince = nil
    }

    func noteLeft(_ room: Room) {
        rooms[room] = nil
        if rooms.isEmpty { vacantSince = .now }
    }
}
