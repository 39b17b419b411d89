import AMQP
package import GuichetProtocol
import Messaging
package import Primitives

extension Platform {
    /// Publishes an event once, without a record: for what is repeated anyway and interests only who listens at the moment.
    /// Throws `PublishError` when it is not known to have arrived; then it is lost.
    package func broadcast<Payload: Event>(
        _ event: Payload, of aggregate: String, version: Int, tenant: TenantSlug, at time: Instant
    ) async throws {
        try await publisher.publish(
            Outbox.broadcast(event, of: aggregate, version: version, tenant: tenant, at: time))
    }
}
