import EventLoop
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// What a clinic wants to be alerted of, and which visits last long.
@EventLoop
struct LineLimitRoutes {
    let service: QueueService

    private static let id = PathVariable<Identifier<Queue>>("id", "The queue.")

    var routes: [Route] {
        [
            Route(
                "readLineLimits", .get, "/api/queues/\(Self.id)/limits",
                "Reads when the clinic is alerted of a long line, and which limits the line exceeds.", access: .staff,
                sends: [.entityTag], handler: read),
            Route(
                "setLineLimits", .put, "/api/queues/\(Self.id)/limits",
                "Sets when the clinic is alerted; guichet.queue.line.exceeded.v1 reports each crossing once.",
                access: .management, ifMatch: .requiredToReplace, sends: [.entityTag], current: current, handler: set),
            Route(
                "listRunningVisits", .get, "/api/queues/\(Self.id)/visits",
                "Lists the tickets at the counters, the longest visit first, and which of them last longer than planned.",
                access: .staff, handler: visits),
        ].tagged("Line limits", "Alerts of long lines and of long visits.")
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<LineLimitsView> {
        guard let reply = try await current(call) else { throw Problem.notFound }
        return reply
    }

    private func current(_ call: Call) async throws -> Reply<LineLimitsView>? {
        let tenant = try await service.context.store(of: call)
        return try await service.setLineLimits.read(of: call.path(Self.id), in: tenant)
            .map { Reply($0, entityTag: EntityTag(version: $0.version)) }
    }

    private func set(_ call: Call, _: NoQuery, _ body: LineLimitsInput) async throws -> Reply<LineLimitsView> {
        let tenant = try await service.context.store(of: call)
        let view = try await service.setLineLimits(
            body.limits(), of: call.path(Self.id), in: tenant, if: call.precondition())
        return Reply(view, entityTag: EntityTag(version: view.version))
    }

    private func visits(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<Page<RunningVisitView>> {
        let tenant = try await service.context.store(of: call)
        return Reply(Page(items: try await service.listRunningVisits(of: call.path(Self.id), in: tenant), next: nil))
    }
}

/// When the clinic is to be alerted.
struct LineLimitsInput: Codable, Sendable {
    /// Alert when more people wait; absent for no limit.
    let waiting: Int?
    /// Alert when the longest wait is longer, in minutes; absent for no limit.
    let waitMinutes: Int?

    func limits() throws(InvalidInput) -> LineLimits {
        guard let limits = LineLimits(waiting: waiting, waitMinutes: waitMinutes) else {
            let isCount = waiting.map { !LineLimits.people.contains($0) } ?? false
            let bounds = isCount ? LineLimits.people : LineLimits.minutes
            throw InvalidInput(faults: [
                .init(
                    pointer: isCount ? "/waiting" : "/waitMinutes",
                    detail: "nombre de \(bounds.lowerBound) à \(bounds.upperBound) attendu")
            ])
        }
        return limits
    }
}

extension LineLimitsInput: WireRules { static let rules = LineLimitsView.numbers }
