import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost

/// Announces every tenant, also those that were removed, and all keys again, for a service that was installed later.
@EventLoop
struct AnnounceEverything {
    private static let batchSize = 200

    let context: ServiceContext

    /// Every announcement has the next version of its tenant, so that no consumer drops it as repeated.
    func callAsFunction(in transaction: Transaction, because cause: EventAttributes) async throws {
        let now = context.now
        let (tenants, removed) = try await transaction.ask(TenantRegistration.announceAll, RemovedTenant.announceAll)
        let events =
            try tenants.map { try $0.announcement(at: now, causation: cause) }
            + removed.map { try $0.announcement(at: now, causation: cause) }
        for start in stride(from: 0, to: events.count, by: Self.batchSize) {
            try await transaction.batch(Array(events[start..<min(start + Self.batchSize, events.count)]))
        }
        try await PublishSigningKeys(context: context)(in: transaction, at: now, causation: cause)
    }
}
