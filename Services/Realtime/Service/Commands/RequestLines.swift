import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import RealtimeDomain
import Runtime
import ServiceHost
import Tenancy

/// Requests the state of lines from Queue. Requests that are made together are one transaction a tenant.
@EventLoop
final class RequestLines {
    /// The most requests in one transaction.
    private static let batchSize = 200

    private let context: ServiceContext
    private var wanted: Set<LineKey> = []
    private var isRunning = false
    private let log = Logger("lines")

    init(_ context: ServiceContext) { self.context = context }

    /// Requests a line soon. One whose request fails is requested again by the line that waits for it.
    func callAsFunction(_ line: LineKey) {
        wanted.insert(line)
        guard !isRunning else { return }
        isRunning = true
        EventLoop.start {
            while !self.wanted.isEmpty { await self.requestAll() }
            self.isRunning = false
        }
    }

    private func requestAll() async {
        let lines = Dictionary(grouping: wanted, by: \.tenant)
        wanted = []
        for (tenant, lines) in lines {
            do {
                let store = try await context.store(for: tenant)
                for start in stride(from: 0, to: lines.count, by: Self.batchSize) {
                    let batch = lines[start..<min(start + Self.batchSize, lines.count)].map(\.queue)
                    try await request(batch, in: store)
                }
            } catch {
                log.warning("lines could not be requested", [.error: String(reflecting: error)])
            }
        }
    }

    private func request(_ queues: [QueueID], in store: TenantStore) async throws {
        let now = context.now
        let entries = try queues.map { queue in
            let request = LineRequestID.new(at: now)
            return try Outbox.entry(
                LineRequested(request: request, queue: queue), of: "\(request)", version: 1, tenant: store.tenant.slug,
                at: now)
        }
        try await store.data.batch([Outbox.record(entries)])
        context.eventsCommitted(in: store.data)
    }
}
