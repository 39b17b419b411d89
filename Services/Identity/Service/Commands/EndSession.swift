import Authentication
import EventLoop
import Primitives
import ServiceHost
import Tenancy

/// Ends the session of the caller.
@EventLoop
struct EndSession {
    let context: ServiceContext

    func callAsFunction(by caller: Caller) async throws {
        let (store, now) = (try await context.store(for: caller.tenant).data, context.now)
        try await store.batch([
            Sessions.end(caller.session, at: now), Audit.record(.logout, by: caller.actor, on: caller.session, at: now),
        ])
    }
}
