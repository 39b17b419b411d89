import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Reads the token by which people join a queue at present. Nothing is stored of it: every process makes the same one from
/// the period, and it is accepted until the end of the next period.
@EventLoop
struct ReadJoinToken {
    let context: ServiceContext
    let codes: JoinTokens

    /// Throws `NotFound`.
    func callAsFunction(of queue: Identifier<Queue>, in tenant: TenantStore) async throws -> CurrentJoinToken {
        guard let key = try await tenant.data.ask(JoinKeys.find(queue)) else { throw NotFound() }
        return token(of: queue, key, in: tenant)
    }

    /// The token that a key makes at present.
    func token(of queue: Identifier<Queue>, _ key: JoinKey, in tenant: TenantStore) -> CurrentJoinToken {
        let period = key.rotation.period(at: context.now)
        let token = codes.token(
            for: queue, of: tenant.tenant.slug, generation: key.generation, expires: key.rotation.expiry(of: period))
        return CurrentJoinToken(token: token, rotation: key.rotation, changesAt: key.rotation.end(of: period))
    }
}

/// The token by which people join a queue at present.
struct CurrentJoinToken: Sendable {
    let token: JoinToken
    let rotation: JoinRotation
    /// When the next one takes over.
    let changesAt: Instant
}

extension JoinTokenView {
    /// - Parameter url: the address that the QR code holds.
    init(_ current: CurrentJoinToken, url: String) {
        self.init(
            token: current.token.description, url: url, rotationMinutes: current.rotation.minutes,
            changesAt: current.changesAt, expiresAt: current.token.expires)
    }
}
