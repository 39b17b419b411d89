import BookingDomain
import EventLoop
import HTTPServer
import JSONCoding
import Primitives
import ServiceHost

/// Numbers for those who run the clinic.
@EventLoop
struct StatisticsRoutes {
    let service: BookingService

    var routes: [Route] {
        [
            Route(
                .get, "/api/statistics", "Appointments, occupancy and no-shows of some days.", access: .management,
                problems: [.unavailable], handler: read)
        ]
    }

    private func read(_ call: Call, _ query: StatisticsQuery, _: NoBody) async throws -> Reply<StatisticsView> {
        let desk = try await service.desk(of: call)
        return Reply(try await Statistics(desk)(query.days()))
    }
}

/// Both days count.
struct StatisticsQuery: Codable, Sendable {
    let from: LocalDay
    let to: LocalDay

    func days() throws -> ClosedRange<LocalDay> {
        guard from <= to, from.distance(to: to) < Statistics.maximumDays else {
            throw Problem(
                .invalidQuery, "Indiquez une période de \(Statistics.maximumDays) jours au plus.",
                errors: [
                    .init(
                        pointer: "/to",
                        detail: "date attendue, de \(Statistics.maximumDays - 1) jours après from au plus")
                ])
        }
        return from...to
    }
}
