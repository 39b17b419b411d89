import Authentication
import EventLoop
import GuichetProtocol
import Primitives
import RealtimeDomain
import Runtime
import ServiceHost
import Tenancy

/// The clients of this process, and their limits.
@EventLoop
final class Clients {
    /// How long a client may be in no room.
    private static let vacancy: Duration = .seconds(30)

    private let context: ServiceContext
    private let limits: RealtimeConfiguration
    private let rooms: Rooms
    private var clients: [ObjectIdentifier: Client] = [:]
    private var addresses: [ClientAddress: Int] = [:]
    private var tenants: [TenantSlug: Int] = [:]
    private let refusals: MetricFamily<Counter>

    init(_ context: ServiceContext, _ limits: RealtimeConfiguration, _ rooms: Rooms) {
        (self.context, self.limits, self.rooms) = (context, limits, rooms)
        let metrics = context.platform.metrics
        refusals = metrics.counter("guichet.realtime.refusals", by: ["code"], "What clients were refused, by code.")
        metrics.gauge("guichet.realtime.clients", "Clients that are connected.")
            .observe { [weak self] in Double(self?.clients.count ?? 0) }
    }

    /// Adds a client. Throws ``Refusal/limit`` or ``Refusal/busy`` beyond a limit.
    func add(_ client: Client) throws(Refusal) {
        guard clients.count < limits.clients else { throw count(.busy) }
        let address = client.address.subscriber
        guard addresses[address, default: 0] < limits.clientsPerAddress else { throw count(.limit) }
        addresses[address, default: 0] += 1
        clients[ObjectIdentifier(client)] = client
    }

    /// Counts a client for its tenant, once it is known.
    func assign(_ client: Client, to tenant: TenantSlug) throws(Refusal) {
        guard client.tenant == nil else { return }
        guard tenants[tenant, default: 0] < limits.clientsPerTenant else { throw count(.limit) }
        tenants[tenant, default: 0] += 1
        client.tenant = tenant
    }

    /// Removes a client that is gone from all rooms.
    func remove(_ client: Client) {
        guard clients.removeValue(forKey: ObjectIdentifier(client)) != nil else { return }
        for room in client.rooms.keys { rooms.leave(room, client) }
        Self.release(client.address.subscriber, in: &addresses)
        if let tenant = client.tenant { Self.release(tenant, in: &tenants) }
    }

    func contains(_ client: Client) -> Bool { clients[ObjectIdentifier(client)] != nil }

    /// Counts a refusal and returns it.
    func count(_ refusal: Refusal) -> Refusal {
        refusals[refusal.rawValue].increment()
        return refusal
    }

    /// Sends clients away that have been in no room for long.
    func removeIdle() {
        let limit = ContinuousClock.now - Self.vacancy
        for client in clients.values where client.vacantSince.map({ $0 < limit }) == true {
            client.transport?.revoked(count(.unauthenticated))
        }
    }

    /// Takes the rooms of clients whose token has expired, or whose session or tenant has ended.
    func revokeEnded() {
        let platform = context.platform
        let now = context.now
        for client in clients.values {
            guard let principal = client.principal else { continue }
            guard
                principal.expiresAt <= now || platform.tokens.hasEnded(principal.sessionID)
                    || platform.directory.hasEnded(principal.tenant)
            else { continue }
            revoke(client, .expired)
        }
    }

    /// Takes the rooms that a display may not show any more.
    ///
    /// - Parameter queues: nil for a display that was removed.
    func restrict(_ display: DisplayID, digest: String, to queues: [QueueID]?) {
        for client in clients.values {
            for (room, grant) in client.rooms {
                guard case .display(display, let shown) = grant else { continue }
                if let queue = room.line?.queue, shown == digest, queues?.contains(queue) == true { continue }
                rooms.leave(room, client)
                client.transport?.left(room)
            }
        }
    }

    private func revoke(_ client: Client, _ reason: Refusal) {
        for (room, grant) in client.rooms where grant == .token { rooms.leave(room, client) }
        client.identify(as: nil)
        client.transport?.revoked(count(reason))
    }

    private static func release<Key>(_ key: Key, in counts: inout [Key: Int]) {
        let left = counts[key, default: 0] - 1
        counts[key] = left > 0 ? left : nil
    }
}
