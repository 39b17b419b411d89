import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Runtime
import Tenancy

/// Handles the facts that have waited for their predecessor, aggregate by aggregate, once that has come.
@EventLoop
final class FactRelease {
    /// Tries of a fact that fails for a reason of its own, before it is parked and those behind it wait on.
    private static let attempts = 5

    private let handling: EventHandling
    private let retryQueue: RetryQueue
    private let count: ([EventOutcome]) -> Void
    private let shutdown: GracefulShutdown
    private let log = Logger("facts")
    private let passes = Coalescer<Schema>()
    private let backoff = Backoff(from: .milliseconds(100), to: .seconds(1))

    init(
        _ handling: EventHandling, _ retryQueue: RetryQueue, until shutdown: GracefulShutdown,
        counting count: @escaping ([EventOutcome]) -> Void
    ) {
        (self.handling, self.retryQueue, self.shutdown, self.count) = (handling, retryQueue, shutdown, count)
    }

    /// Handles what can be handled in a schema. Returns at once.
    func wake(_ place: EventHandling.Place) {
        passes.run(place.store.schema) { await self.pass(over: place) }
    }

    /// An outage ends the pass: the next sweep comes back.
    private func pass(over place: EventHandling.Place) async {
        do {
            while !shutdown.isRequested {
                let ready = try await place.store.query(HeldFacts.ready).map(Inbox.aggregate)
                guard !ready.isEmpty else { return }
                do {
                    let outcomes = try await handling.release(ready, at: place, limit: HeldFacts.batchSize).outcomes
                    count(outcomes)
                    if outcomes.isEmpty { return }
                } catch let error as PostgresError where error.isOutage {
                    throw error
                } catch {
                    log.debug("facts are not handled together", [.error: String(reflecting: error)])
                    for aggregate in ready { try await release(aggregate, at: place) }
                }
            }
        } catch {
            log.warning("facts wait on for now", [.error: String(reflecting: error)])
        }
    }

    /// Handles one fact by itself, and parks it if it fails for a reason of its own.
    private func release(_ aggregate: FollowedAggregate, at place: EventHandling.Place) async throws {
        var (failing, failures): (EventID?, Int) = (nil, 0)
        while !shutdown.isRequested {
            do {
                return count(try await handling.release([aggregate], at: place, limit: 1).outcomes)
            } catch let error as PostgresError where error.isOutage {
                throw error
            } catch {
                guard let event = try await next(of: aggregate, at: place) else { return }
                // Another process may have handled the one that failed here.
                failures = event.attributes.id == failing ? failures + 1 : 1
                failing = event.attributes.id
                if failures == Self.attempts || error is MalformedEvent {
                    return try await park(event, at: place, because: error, after: failures)
                }
                _ = await shutdown.wait(atMost: backoff.pause(after: failures))
            }
        }
    }

    private func next(of aggregate: FollowedAggregate, at place: EventHandling.Place) async throws -> ReceivedEvent? {
        let progress = try await place.store.transaction { transaction in
            try await Inbox.progress(of: [aggregate], withFactsOf: [aggregate], in: transaction)
        }
        return progress[aggregate]?.next?.event
    }

    private func park(
        _ event: ReceivedEvent, at place: EventHandling.Place, because error: any Error, after failures: Int
    ) async throws {
        try await handling.recordParked(event.attributes, body: event.body)
        guard await retryQueue.park(event, because: error, after: failures) else { throw error }
        try await place.store.batch(HeldFacts.mark(event.attributes, as: .parked))
    }
}
