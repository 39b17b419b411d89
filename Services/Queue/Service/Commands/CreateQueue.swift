import EventLoop
import Idempotency
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Makes a queue with its counters. It is closed at first.
@EventLoop
struct CreateQueue {
    let context: ServiceContext

    /// Throws ``QueueError/counterLabelTaken`` if two counters have one label.
    func callAsFunction(
        _ settings: QueueSettings, counters labels: [CounterLabel], in tenant: TenantStore, key: IdempotencyRecord?
    ) async throws -> QueueView {
        let now = context.now
        guard Set(labels).count == labels.count else { throw QueueError.counterLabelTaken }
        let queue = Queue(id: .new(at: now), settings: settings)
        let counters = labels.map { Counter(id: .new(at: now), label: $0, isInService: true) }
            .sorted { $0.id < $1.id }
        // The ids are in the order of the labels, which is the order in which counters are listed.
        let ordered = zip(counters, labels).map { Counter(id: $0.id, label: $1, isInService: true) }
        return try await tenant.data.once(key) { transaction in
            let generation = try await transaction.ask(Queues.generation)
            transaction.later([Queues.insert(queue)] + ordered.map { Queues.upsert($0, of: queue.id) })
            return QueueView(queue, ordered, version: EntityVersion(generation: generation, number: 1))
        }
    }
}
