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
    private let admitsLookup: @EventLoop (ClientAddress) -> Bool

    init(
        _ context: ServiceContext, _ limits: RealtimeConfiguration, _ rooms: Rooms,
        admitsLookup: @escaping @EventLoop (ClientAddress) -> Bool
    ) {
        (self.context, self.limits, self.rooms, self.admitsLookup) = (context, limits, rooms, admitsLookup)
        let metrics = context.platform.metrics
        refusals = metrics.counter("guichet.realtime.refusals", by: ["code"], "What clients were refused, by code.")
        metrics.gauge("guichet.realtime.clients", "Clients that are connected.")
            .observe { [weak self] in Double(self?.clients.count ?? 0) }
    }

    /// Throws ``Refusal/limit`` or ``Refusal/busy`` if one more client would exceed a limit.
    func checkLimits(of client: Client) throws(Refusal) {
        guard clients.count < limits.clients else { throw count(.busy) }
        guard addresses[client.address.subscriber, default: 0] < limits.clientsPerAddress else { throw count(.limit) }
    }

    /// Adds a client. Throws like ``checkLimits(of:)``.
    func add(_ client: Client) throws(Refusal) {
        try checkLimits(of: client)
        addresses[client.address.subscriber, default: 0] += 1
        clients[ObjectIdentifier(client)] = client
        if let tenant = client.tenant { tenants[tenant, default: 0] += 1 }
    }

    /// Counts a client for its tenant, once it is known. One that is not added yet is counted when it is.
    func assign(_ client: Client, to tenant: TenantSlug) throws(Refusal) {
        guard client.tenant == nil else { return }
        guard tenants[tenant, default: 0] < limits.clientsPerTenant else { throw count(.limit) }
        client.tenant = tenant
        if contains(client) { tenants[tenant, default: 0] += 1 }
    }

    /// Counts what is asked elsewhere for a client, so that forged tokens cannot occupy the other services and the database.
    /// Throws ``Refusal/limit`` if its address has used up its minute.
    func admitLookup(for client: Client) throws(Refusal) {
        guard admitsLookup(client.address) else { throw .limit }
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
        for client in clients.values { revokeIfEnded(client) }
    }

    /// The same for one client.
    func revokeIfEnded(_ client: Client) {
        let platform = context.platform
        guard let principal = client.principal,
            principal.expiresAt <= context.now || platform.tokens.hasEnded(principal.sessionID)
                || platform.directory.hasEnded(principal.tenant)
        else { return }
        revoke(client, .expired)
    }

    /// The displays whose tokens have opened rooms, by tenant.
    var displays: [TenantSlug: Set<DisplayID>] {
        var displays: [TenantSlug: Set<DisplayID>] = [:]
        for client in clients.values {
            for case (let room, .display(let display, _)) in client.rooms {
                displays[room.tenant, default: []].insert(display)
            }
        }
        return displays
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
