import EventLoop
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Makes every join token of a queue that was ever shown void, and sets how often the next ones change.
@EventLoop
struct RevokeJoinTokens {
    let readJoinToken: ReadJoinToken

    /// Throws `NotFound`.
    ///
    /// - Parameter rotation: nil to keep the present one.
    func callAsFunction(
        _ queue: Identifier<Queue>, rotation: JoinRotation?, in tenant: TenantStore
    ) async throws -> CurrentJoinToken {
        guard let key = try await tenant.data.ask(JoinKeys.replace(queue, rotation: rotation)) else { throw NotFound() }
        return readJoinToken.token(of: queue, key, in: tenant)
    }
}
