import EventLoop
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import QueueDomain
import Scheduling
import ServiceHost
import Tenancy

/// When queues open and close by themselves.
@EventLoop
struct OpeningPlanRoutes {
    let service: QueueService

    private static let id = PathVariable<Identifier<Queue>>("id", "The queue.")

    var routes: [Route] {
        [
            Route(
                "readOpeningPlan", .get, "/api/queues/\(Self.id)/hours",
                "Reads when the queue opens and closes by itself.", access: .staff, sends: [.entityTag], handler: read),
            Route(
                "setOpeningPlan", .put, "/api/queues/\(Self.id)/hours",
                "Sets when the queue opens and closes by itself. Staff may decide otherwise until the next change.",
                access: .management, ifMatch: .requiredToReplace, sends: [.entityTag], current: current, handler: set),
            Route(
                "removeOpeningPlan", .delete, "/api/queues/\(Self.id)/hours", "Leaves opening and closing to staff.",
                access: .management, ifMatch: .required, handler: remove),
        ].tagged("Queue hours", "When queues open and close by themselves.")
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<OpeningPlanView> {
        guard let reply = try await current(call) else { throw Problem.notFound }
        return reply
    }

    private func current(_ call: Call) async throws -> Reply<OpeningPlanView>? {
        let tenant = try await service.context.store(of: call)
        return try await service.readOpeningPlan(of: call.path(Self.id), in: tenant)
            .map { Reply($0, entityTag: EntityTag(version: $0.version)) }
    }

    private func set(_ call: Call, _: NoQuery, _ body: OpeningPlanInput) async throws -> Reply<OpeningPlanView> {
        let tenant = try await service.context.store(of: call)
        let view = try await service.setOpeningPlan(
            body.plan(), of: call.path(Self.id), in: tenant, if: call.precondition())
        return Reply(view, entityTag: EntityTag(version: view.version))
    }

    private func remove(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<NoContent> {
        let tenant = try await service.context.store(of: call)
        try await service.setOpeningPlan.remove(of: call.path(Self.id), in: tenant, if: call.precondition())
        return .empty
    }
}

/// When a queue is to open and close by itself.
struct OpeningPlanInput: Codable, Sendable {
    /// The most openings of a week.
    static let maximumOpenings = 42

    /// The openings of a week. Those of one day neither overlap nor touch; one until 24:00 and one from 00:00 of the next
    /// day are one opening.
    let openings: [Opening]
    /// When tickets that are left are ended, on the clock of the clinic; absent if staff do that.
    let endsDayAt: MinuteOfDay?

    func plan() throws(InvalidInput) -> OpeningPlan {
        guard openings.count <= Self.maximumOpenings else { throw Self.fault(at: "/openings", "trop de plages") }
        if endsDayAt == .midnight { throw Self.fault(at: "/endsDayAt", "heure de 00:01 à 24:00 attendue") }
        var week: [Weekday: [OpeningInterval]] = [:]
        for (index, opening) in openings.enumerated() {
            guard let interval = OpeningInterval(opening.opens, opening.closes) else {
                throw Self.fault(at: "/openings/\(index)/closes", "fin attendue après le début")
            }
            week[opening.day.weekday, default: []].append(interval)
        }
        var hours: [Weekday: DayHours] = [:]
        for (weekday, intervals) in week {
            guard let day = DayHours(intervals) else {
                throw Self.fault(at: "/openings", "plages d’un même jour attendues sans chevauchement ni contact")
            }
            hours[weekday] = day
        }
        return OpeningPlan(hours, dayEnd: endsDayAt)
    }

    private static func fault(at pointer: String, _ detail: String) -> InvalidInput {
        InvalidInput(faults: [.init(pointer: pointer, detail: detail)])
    }
}

extension OpeningPlanInput: WireRules {
    static let rules: [String: WireRule] = ["openings": .maximumCount(maximumOpenings)]
}
