import EventLoop
import GuichetProtocol
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Makes the token behind the code of a queue.
@EventLoop
struct MakeJoinToken {
    let context: ServiceContext
    let codes: JoinTokens
    /// How long a token lets patients join.
    let lifetime: Duration

    /// Throws ``NotFound`` if there is no such queue.
    func callAsFunction(_ id: Identifier<Queue>, in tenant: TenantStore) async throws -> JoinTokenView {
        guard let stored = try await tenant.data.ask(Queues.find(.queue(id))) else { throw NotFound() }
        let token = codes.token(
            for: id, of: tenant.tenant.slug, generation: stored.joinGeneration, expires: context.now + lifetime)
        return JoinTokenView(token: token.description, expiresAt: token.expires)
    }
}
