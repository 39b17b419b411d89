import EventLoop
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Numbers for the clinic's management.
@EventLoop
struct LineStatisticsRoutes {
    let service: QueueService

    private static let id = PathVariable<Identifier<Queue>>("id", "The queue.")

    var routes: [Route] {
        [
            Route(
                "readQueueStatistics", .get, "/api/queues/\(Self.id)/statistics",
                "Counts arrivals, waits, visits and no-shows of some days, and how good the expected waits were.",
                access: .management.or(.statisticsRead), handler: read),
            Route(
                "exportQueueStatistics", .get, "/api/queues/\(Self.id)/statistics.csv",
                "The same numbers as a table of comma-separated values.", access: .management.or(.statisticsRead),
                produces: "text/csv; charset=utf-8", handler: export),
        ].tagged("Queue statistics", "Numbers for the management of the clinic.")
    }

    private func read(
        _ call: Call, _ query: QueueStatisticsQuery, _: NoBody
    ) async throws -> Reply<LineStatisticsView> {
        Reply(try await view(call, query))
    }

    private func export(_ call: Call, _ query: QueueStatisticsQuery, _: NoBody) async throws -> Reply<RawContent> {
        let view = try await view(call, query)
        return Reply(RawContent(StatisticsTable(view).text))
            .with("content-disposition", "attachment; filename=\"queue-\(view.from)-\(view.to).csv\"")
            .with("cache-control", "private, no-store")
    }

    private func view(_ call: Call, _ query: QueueStatisticsQuery) async throws -> LineStatisticsView {
        let tenant = try await service.context.store(of: call)
        return try await service.readLineStatistics(query.days(), of: call.path(Self.id), in: tenant)
    }
}

/// The days that are counted, both included; 92 at most.
struct QueueStatisticsQuery: Codable, Sendable {
    /// The first day.
    let from: LocalDay
    /// The last day, itself included.
    let to: LocalDay

    func days() throws -> ClosedRange<LocalDay> {
        let maximum = ReadLineStatistics.maximumDays
        guard from <= to, from.distance(to: to) < maximum else {
            throw Problem(
                .invalidQuery, "Indiquez une période de \(maximum) jours au plus.",
                errors: [.init(pointer: "/to", detail: "date attendue, de \(maximum - 1) jours après from au plus")])
        }
        return from...to
    }
}
