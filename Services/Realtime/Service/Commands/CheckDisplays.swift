import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Takes the rooms of displays that have been removed, or show other queues now. An event says so at once; this finds what
/// happened while no events arrived.
@EventLoop
struct CheckDisplays {
    let context: ServiceContext
    let clients: Clients

    func callAsFunction() async throws {
        for (tenant, displays) in clients.displays {
            guard !context.platform.directory.hasEnded(tenant) else { continue }
            let store = try await context.store(for: tenant)
            let paired = try await store.data.ask(DisplayRows.find(displays.sorted()))
            for display in displays {
                let present = paired.first { $0.id == display }
                clients.restrict(display, digest: present?.tokenDigest ?? "", to: present?.queues)
            }
        }
    }
}
