import Cryptography
import EventLoop
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Shares a practitioner's agenda under a secret address, for calendar programs, which cannot sign in.
@EventLoop
struct ShareAgenda {
    private static let secretBytes = 32

    let context: ServiceContext

    init(_ context: ServiceContext) { self.context = context }

    /// Makes a new secret, which replaces the one before. Only its digest is stored, so it is answered this once.
    func callAsFunction(_ practitioner: Identifier<Resource>, in tenant: TenantStore) async throws -> String {
        let secret = BaseEncoding.base64URL.encode(RandomBytes.make(Self.secretBytes))
        let share = Feeds.share(practitioner, digest: Feeds.digest(of: secret), at: context.now)
        guard try await tenant.data.ask(share) else { throw NotFound() }
        return secret
    }

    func revoke(_ practitioner: Identifier<Resource>, in tenant: TenantStore) async throws {
        guard try await tenant.data.ask(Feeds.revoke(practitioner)) else { throw NotFound() }
    }
}
