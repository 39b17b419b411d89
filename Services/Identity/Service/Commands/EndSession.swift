import Authentication
import EventLoop
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Ends the session of the caller.
@EventLoop
struct EndSession {
    let context: ServiceContext

    func callAsFunction(by caller: Caller) async throws {
        let (store, now) = (try await context.store(for: caller.tenant).data, context.now)
        try await store.transaction { transaction in
            let ended = try await transaction.ask(Sessions.end(caller.session, at: now))
            try await transaction.batch(
                Sessions.announce(ended, of: caller.tenant, at: now) + [
                    Audit.record(.logout, by: caller.actor, on: caller.session, at: now)
                ])
        }
        context.eventsCommitted(in: store)
    }
}
