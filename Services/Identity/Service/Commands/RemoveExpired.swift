import EventLoop
import Primitives
import ServiceHost
import Tenancy

/// Removes what the schemas of tenants do not keep for ever.
@EventLoop
struct RemoveExpired {
    let context: ServiceContext

    func callAsFunction() async throws {
        let now = context.now
        try await context.registry.inBackground.query(LoginAttempts.removeExpired(at: now))
        try await context.platform.directory.onEachServer { round in
            try await round.each(of: round.tenants.map(\.data)) {
                try await $0.inBackground.batch(Expiry.remove(at: now))
            }
        }
    }
}
