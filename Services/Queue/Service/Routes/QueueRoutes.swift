import EventLoop
import GuichetProtocol
import HTTPServer
import Idempotency
import JSONCoding
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Queues and their counters.
@EventLoop
struct QueueRoutes {
    let service: QueueService

    private static let id = PathVariable<Identifier<Queue>>("id", "The queue.")
    private static let counter = PathVariable<Identifier<Counter>>("counter", "The counter.")

    /// Every route of the service, in the order of the documentation.
    static func all(of service: QueueService) -> [Route] {
        QueueRoutes(service: service).routes + JoinCodeRoutes(service: service).routes
            + PatientRoutes(service: service).routes + TicketRoutes(service: service).routes
            + CheckInRoutes(service: service).routes + DisplayRoutes(service: service).routes
            + OpeningPlanRoutes(service: service).routes + LineLimitRoutes(service: service).routes
            + LineStatisticsRoutes(service: service).routes
    }

    var routes: [Route] { queues + counters }

    private var queues: [Route] {
        [
            Route("listQueues", .get, "/api/queues", "Lists the queues.", access: .staff, handler: list),
            Route(
                "createQueue", .post, "/api/queues", "Makes a queue, which is closed at first.", access: .management,
                idempotency: .required, sends: [.entityTag, .location], success: .created,
                problems: [.queueConflict], handler: create),
            Route(
                "readQueue", .get, "/api/queues/\(Self.id)", "Reads a queue.", access: .staff, sends: [.entityTag],
                handler: read),
            Route(
                "replaceQueue", .put, "/api/queues/\(Self.id)", "Replaces the settings of a queue.",
                access: .management, ifMatch: .required, sends: [.entityTag], handler: replace),
            Route(
                "openQueue", .post, "/api/queues/\(Self.id)/open", "Lets patients join.", access: .staff,
                idempotency: .accepted, sends: [.entityTag], handler: open),
            Route(
                "closeQueue", .post, "/api/queues/\(Self.id)/close",
                "Stops patients from joining; those who wait stay.", access: .staff, idempotency: .accepted,
                sends: [.entityTag], handler: close),
            Route(
                "announceMessage", .post, "/api/queues/\(Self.id)/message",
                "Sends a message to everyone who waits, or withdraws it.", access: .staff, idempotency: .accepted,
                sends: [.entityTag], handler: announce),
            Route(
                "endDay", .post, "/api/queues/\(Self.id)/end-of-day",
                "Closes the queue and ends every open ticket. Sent again, it ends what is left.", access: .staff,
                sends: [.entityTag], handler: endDay),
        ].tagged("Queues", "The waiting lines of a clinic as they are configured.")
    }

    private var counters: [Route] {
        [
            Route(
                "addCounter", .post, "/api/queues/\(Self.id)/counters", "Adds a counter, which is in service.",
                access: .management, idempotency: .required, sends: [.entityTag], success: .created,
                problems: [.queueConflict], handler: addCounter),
            Route(
                "replaceCounter", .put, "/api/queues/\(Self.id)/counters/\(Self.counter)",
                "Renames a counter, and takes it in or out of service.", access: .staff, sends: [.entityTag],
                problems: [.queueConflict], handler: replaceCounter),
            Route(
                "removeCounter", .delete, "/api/queues/\(Self.id)/counters/\(Self.counter)",
                "Removes a counter that has no ticket.", access: .management, sends: [.entityTag],
                problems: [.queueConflict], handler: removeCounter),
        ].tagged("Counters", "The counters and rooms where tickets are served.")
    }

    private func list(_ call: Call, _ query: PageQuery, _: NoBody) async throws -> Reply<Page<QueueView>> {
        let tenant = try await service.context.store(of: call)
        return Reply(
            try await call.page(query, of: "queues", by: \.id) { after, count in
                try await service.readQueues.list(after: after, count: count, in: tenant)
            })
    }

    private func create(_ call: Call, _: NoQuery, _ body: NewQueueInput) async throws -> Reply<QueueView> {
        let tenant = try await service.context.store(of: call)
        guard (1...Queue.maximumCounters).contains(body.labels.count) else {
            throw InvalidInput(faults: [
                .init(pointer: "/counters", detail: "de 1 à \(Queue.maximumCounters) guichets attendus")
            ])
        }
        let view = try await service.createQueue(
            body.settings.settings(at: "/settings"), counters: body.labels, in: tenant, key: call.key())
        return Reply(view, entityTag: EntityTag(version: view.version), location: "/api/queues/\(view.id)")
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<QueueView> {
        let tenant = try await service.context.store(of: call)
        return try await service.readQueues(call.path(Self.id), in: tenant).reply
    }

    private func replace(_ call: Call, _: NoQuery, _ body: QueueInput) async throws -> Reply<QueueView> {
        let tenant = try await service.context.store(of: call)
        return try await service.changeQueue.replace(
            call.path(Self.id), by: body.settings(), in: tenant, by: call.lineActor(), if: call.precondition()
        ).reply
    }

    private func open(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<QueueView> {
        let tenant = try await service.context.store(of: call)
        return try await service.changeQueue.open(
            call.path(Self.id), in: tenant, by: call.lineActor(), key: call.key()
        ).reply
    }

    private func close(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<QueueView> {
        let tenant = try await service.context.store(of: call)
        return try await service.changeQueue.close(
            call.path(Self.id), in: tenant, by: call.lineActor(), key: call.key()
        ).reply
    }

    private func announce(_ call: Call, _: NoQuery, _ body: MessageInput) async throws -> Reply<QueueView> {
        let tenant = try await service.context.store(of: call)
        return try await service.changeQueue.announce(
            body.message, in: call.path(Self.id), of: tenant, by: call.lineActor(), key: call.key()
        ).reply
    }

    private func endDay(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<QueueView> {
        let tenant = try await service.context.store(of: call)
        return try await service.changeQueue.endDay(call.path(Self.id), in: tenant, by: call.lineActor()).reply
    }

    private func addCounter(_ call: Call, _: NoQuery, _ body: NewCounterInput) async throws -> Reply<QueueView> {
        let tenant = try await service.context.store(of: call)
        return try await service.changeCounter.add(
            body.label, to: call.path(Self.id), in: tenant, by: call.lineActor(), key: call.key()
        ).reply
    }

    private func replaceCounter(_ call: Call, _: NoQuery, _ body: CounterInput) async throws -> Reply<QueueView> {
        let tenant = try await service.context.store(of: call)
        let counter = Counter(id: try call.path(Self.counter), label: body.label, isInService: body.isInService)
        return try await service.changeCounter.replace(
            counter, of: call.path(Self.id), in: tenant, by: call.lineActor()
        ).reply
    }

    private func removeCounter(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<QueueView> {
        let tenant = try await service.context.store(of: call)
        return try await service.changeCounter.remove(
            call.path(Self.counter), of: call.path(Self.id), in: tenant, by: call.lineActor()
        ).reply
    }
}

extension QueueView {
    /// The answer that shows the queue.
    fileprivate var reply: Reply<QueueView> { Reply(self, entityTag: EntityTag(version: version)) }
}
