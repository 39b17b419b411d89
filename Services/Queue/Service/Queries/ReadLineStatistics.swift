import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Counts the tickets of some days. The numbers may be a moment old.
@EventLoop
struct ReadLineStatistics {
    /// The longest period, in days.
    nonisolated static let maximumDays = 92

    let lines: LineChanges

    /// Throws `NotFound` if there is no such queue.
    func callAsFunction(
        _ days: ClosedRange<LocalDay>, of queue: Identifier<Queue>, in tenant: TenantStore
    ) async throws -> LineStatisticsView {
        let zone = try await lines.zone(of: tenant)
        let from = zone.firstInstant(days.lowerBound, .midnight)
        let to = zone.firstInstant(days.upperBound.advanced(by: 1), .midnight)
        guard try await !tenant.data.read(KnownQueues.among([queue])).isEmpty else { throw NotFound() }
        let numbers = try await tenant.data.read(
            LineStatistics.numbers(of: queue, from: from, to: to, zone: tenant.tenant.timeZone))
        return LineStatisticsView(days, numbers)
    }
}
