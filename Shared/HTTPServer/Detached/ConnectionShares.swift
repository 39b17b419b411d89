package import Authentication
package import EventLoop
package import Primitives

/// How many connections of one kind may be open at once.
package struct ConnectionLimits: Sendable {
    /// In all; one more is refused with 503.
    package var total = 10_000
    /// Of one address, or of one IPv6 network of 64 bits; one more is refused with 429. The visitors of a clinic share one.
    package var perClient = 1000
    /// Of one tenant; one more is refused with 429.
    package var perTenant = 5000

    /// The limits of a service that states no others.
    package static let standard = ConnectionLimits()

    private init() {}
}

/// Counts the connections of an endpoint that are open: in all, of each client and of each tenant.
@EventLoop
package final class ConnectionShares {
    /// The part of one connection, which is given back by ``ConnectionShares/end(_:)``.
    package struct Share {
        let client: ClientAddress
        let tenant: TenantSlug?
    }

    private let limits: ConnectionLimits
    private var clients: [ClientAddress: Int] = [:]
    private var tenants: [TenantSlug: Int] = [:]
    /// The connections that are open.
    package private(set) var count = 0

    /// Starts without any connections.
    package nonisolated init(_ limits: ConnectionLimits) { self.limits = limits }

    /// Throws the 503 or 429 problem if one more connection would exceed a limit.
    package func check(_ client: ClientAddress, _ tenant: TenantSlug?) throws(Problem) {
        guard count < limits.total else { throw .crowded }
        guard clients[client.subscriber, default: 0] < limits.perClient else {
            throw Problem(
                .tooManyRequests, "Trop de connexions sont ouvertes depuis votre adresse.", retryAfter: .seconds(5))
        }
        if let tenant, tenants[tenant, default: 0] >= limits.perTenant {
            throw Problem(
                .tooManyRequests, "Trop de connexions sont ouvertes pour cet établissement.", retryAfter: .seconds(5))
        }
    }

    /// Counts a connection.
    package func begin(_ client: ClientAddress, _ tenant: TenantSlug?) -> Share {
        let share = Share(client: client.subscriber, tenant: tenant)
        count += 1
        clients[share.client, default: 0] += 1
        if let tenant { tenants[tenant, default: 0] += 1 }
        return share
    }

    /// The connection has ended.
    package func end(_ share: Share) {
        count -= 1
        clients.decrement(share.client)
        if let tenant = share.tenant { tenants.decrement(tenant) }
    }
}

extension Problem {
    /// 503: all connections that may be open at once are.
    package static var crowded: Problem {
        Problem(.unavailable, "Trop de connexions sont ouvertes : réessayez.", retryAfter: .seconds(1))
    }
}

extension Dictionary where Value == Int {
    fileprivate mutating func decrement(_ key: Key) { self[key] = self[key].flatMap { $0 > 1 ? $0 - 1 : nil } }
}
