import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Makes the screen that shows a code a display of the tenant.
///
/// The code is in the service's own schema and the display in that of the tenant, so there are two transactions. If the
/// second one fails, the tenant confirms the code again; until then the screen goes on waiting.
@EventLoop
struct ConfirmDisplay {
    let context: ServiceContext

    /// Throws `NotFound` if no screen waits under the code, ``UnknownQueues``, and ``TooManyDisplays``.
    func callAsFunction(
        _ code: ShortCode, name: DisplayName, queues: [Identifier<Queue>], in tenant: TenantStore
    ) async throws -> DisplayView {
        let now = context.now
        try UnknownQueues.check(queues, are: try await tenant.data.ask(KnownQueues.among(queues)))
        let confirmation = DisplayPairings.confirm(
            code, as: .new(at: now), of: tenant.tenant.slug, at: now)
        guard let id = try await context.registry.ask(confirmation) else { throw NotFound() }
        let (isStored, display) = try await tenant.data.ask(
            Displays.insert(id, name: name, queues: queues, at: now), Displays.find(id))
        guard isStored, let display else { throw TooManyDisplays() }
        return DisplayView(display)
    }
}

/// The tenant has as many displays as it may have.
struct TooManyDisplays: Error {}

/// Some of the queues that were named do not exist, or were named twice.
struct UnknownQueues: Error {
    /// Their indices in the list.
    let places: [Int]

    /// Throws if one of `queues` is not `known`, or is in the list before.
    static func check(_ queues: [Identifier<Queue>], are known: Set<Identifier<Queue>>) throws(UnknownQueues) {
        let unknown = queues.indices.filter { !known.contains(queues[$0]) || queues.prefix($0).contains(queues[$0]) }
        guard unknown.isEmpty else { throw UnknownQueues(places: unknown) }
    }
}
