import Postgres
import Primitives
import QueueDomain

/// Which queues there are.
enum KnownQueues {
    /// Those of `queues` that exist.
    static func among(_ queues: [Identifier<Queue>]) -> Query<Set<Identifier<Queue>>> {
        Query("SELECT id FROM queues WHERE id = ANY (\(queues)::uuid[])") { Set(try $0.map { try $0.get("id") }) }
    }
}
