import BookingDomain
import EventLoop
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import ServiceHost

/// Numbers for the clinic's management.
@EventLoop
struct StatisticsRoutes {
    let service: BookingService

    var routes: [Route] {
        [
            Route(
                "readStatistics", .get, "/api/statistics", "Counts appointments, occupancy and no-shows of some days.",
                access: .management.or(.statisticsRead),
                handler: read)
        ].tagged("Statistics", "Numbers for the management of the clinic.")
    }

    private func read(_ call: Call, _ query: StatisticsQuery, _: NoBody) async throws -> Reply<StatisticsView> {
        let tenant = try await service.context.store(of: call)
        return Reply(try await service.readStatistics(query.days(), in: tenant))
    }
}

/// Both days included.
struct StatisticsQuery: Codable, Sendable {
    /// The first day.
    let from: LocalDay
    /// The last day, itself included.
    let to: LocalDay

    func days() throws -> ClosedRange<LocalDay> {
        guard from <= to, from.distance(to: to) < ReadStatistics.maximumDays else {
            throw Problem(
                .invalidQuery, "Indiquez une période de \(ReadStatistics.maximumDays) jours au plus.",
                errors: [
                    .init(
                        pointer: "/to",
                        detail: "date attendue, de \(ReadStatistics.maximumDays - 1) jours après from au plus")
                ])
        }
        return from...to
    }
}
