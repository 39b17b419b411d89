import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Records the event with all signing keys as the next version, as part of a transaction of the registry.
@EventLoop
struct PublishSigningKeys {
    let context: ServiceContext

    func callAsFunction(
        in transaction: Transaction, at now: Instant, causation: EventAttributes? = nil
    ) async throws {
        // The new version is counted first: it locks the set.
        let (version, keys) = try await transaction.ask(
            SigningKeySet.nextVersion, SigningKeySet.keys(context.platform.keyRing))
        try await transaction.batch(
            SigningKeySet.publication(
                of: keys.map(\.verificationKey), version: version, at: now, causation: causation))
    }
}
