import EventLoop
import HTTPServer
import Idempotency
import Primitives
import QueueDomain
import ServiceHost
import Tenancy
import WaitingLine

/// The work of staff with tickets.
@EventLoop
struct TicketRoutes {
    let service: QueueService

    private static let queue = PathVariable<Identifier<Queue>>("id", "The queue.")
    private static let id = PathVariable<Identifier<Ticket>>("id", "The ticket.")

    var routes: [Route] {
        (line + tickets + changes).tagged("Tickets", "The work of staff with the tickets of a queue.")
    }

    private var line: [Route] {
        [
            Route(
                "listTickets", .get, "/api/queues/\(Self.queue)/tickets",
                "Lists the open tickets of a queue in the order of the line.", access: .staff, handler: list),
            Route(
                "callNext", .post, "/api/queues/\(Self.queue)/call-next",
                "Ends the visit at a counter and calls the next ticket.", access: .staff, idempotency: .accepted,
                problems: [.queueConflict], handler: callNext),
            Route(
                "addWalkIn", .post, "/api/queues/\(Self.queue)/walk-ins", "Adds a patient at the desk.",
                access: .staff, idempotency: .required, success: .created, problems: [.queueConflict],
                handler: addWalkIn),
        ]
    }

    private var tickets: [Route] {
        [
            Route("readTicket", .get, "/api/tickets/\(Self.id)", "Reads a ticket.", access: .staff, handler: read),
            Route(
                "giveTicket", .get, "/api/tickets/\(Self.id)/token",
                "Reads a ticket with its token, for a patient who has lost it.", access: .staff, handler: give),
            Route(
                "callTicket", .post, "/api/tickets/\(Self.id)/call", "Calls this ticket, wherever it stands.",
                access: .staff, idempotency: .accepted, problems: [.queueConflict], handler: call),
            Route(
                "prioritiseTicket", .post, "/api/tickets/\(Self.id)/priority",
                "Changes the priority of a ticket, and with it the place.", access: .staff, idempotency: .accepted,
                problems: [.queueConflict], handler: prioritise),
            Route(
                "transferTicket", .post, "/api/tickets/\(Self.id)/transfer",
                "Sends a ticket to another queue, where it keeps the time that it has waited.", access: .staff,
                idempotency: .accepted, problems: [.queueConflict], handler: transfer),
            Route(
                "undoTicket", .post, "/api/tickets/\(Self.id)/undo",
                "Undoes a call, a no-show, the end of a visit, a removal or a transfer, for a minute.",
                access: .staff, idempotency: .accepted, problems: [.queueConflict], handler: undo),
        ]
    }

    private var changes: [Route] {
        [
            change("recallTicket", "recall", "Repeats the call of a ticket.", .recall),
            change("serveTicket", "serve", "Begins the visit.", .serve),
            change("finishTicket", "finish", "Ends the visit.", .finish),
            change("missTicket", "no-show", "Records that the called patient did not come.", .miss),
            change("returnTicket", "return", "Lets a ticket wait again that was missed or put aside.", .readmit),
            change("holdTicket", "hold", "Puts a ticket aside; it keeps its place.", .hold),
            change("resumeTicket", "resume", "Lets a ticket that was put aside wait at its old place.", .resume),
            change("removeTicket", "leave", "Removes a ticket from the line.", .leave),
        ]
    }

    private func change(_ name: String, _ verb: String, _ summary: String, _ wish: TicketWish) -> Route {
        Route(
            name, .post, "/api/tickets/\(Self.id)/\(word: verb)", summary, access: .staff, idempotency: .accepted,
            problems: [.queueConflict]
        ) { (call, _: NoQuery, _: NoBody) in
            let tenant = try await service.context.store(of: call)
            return Reply(
                try await service.changeTicket(
                    call.path(Self.id), wish, in: tenant, by: call.lineActor(), key: call.key()))
        }
    }

    private func list(_ call: Call, _ query: PageQuery, _: NoBody) async throws -> Reply<Page<TicketView>> {
        let (tenant, queue) = (try await service.context.store(of: call), try call.path(Self.queue))
        let end = { (view: TicketView) in LinePosition(place: view.place, id: view.id) }
        let page = try await call.page(query, of: "tickets \(queue)", by: end) { after, count in
            try await service.listTickets(of: queue, after: after, count: count, in: tenant)
        }
        return Reply(page)
    }

    private func callNext(_ call: Call, _: NoQuery, _ body: CallInput) async throws -> Reply<CallView> {
        let tenant = try await service.context.store(of: call)
        return Reply(
            try await service.callTicket.next(
                of: call.path(Self.queue), body.wish, in: tenant, by: call.lineActor(), key: call.key()))
    }

    private func addWalkIn(_ call: Call, _: NoQuery, _ body: WalkInInput) async throws -> Reply<GivenTicketView> {
        let tenant = try await service.context.store(of: call)
        let wish = AddWalkIn.Wish(
            name: body.name, careType: body.careType, priority: body.priority?.value ?? .normal)
        return Reply(
            try await service.addWalkIn(
                wish, to: call.path(Self.queue), in: tenant, by: call.lineActor(), key: call.key()))
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<TicketView> {
        let tenant = try await service.context.store(of: call)
        return Reply(try await service.listTickets.ticket(call.path(Self.id), in: tenant))
    }

    private func give(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<GivenTicketView> {
        let tenant = try await service.context.store(of: call)
        return Reply(try await service.listTickets.given(call.path(Self.id), in: tenant))
            .with("cache-control", "no-store")
    }

    private func call(_ call: Call, _: NoQuery, _ body: CallInput) async throws -> Reply<TicketView> {
        let tenant = try await service.context.store(of: call)
        return Reply(
            try await service.callTicket(
                call.path(Self.id), body.wish, in: tenant, by: call.lineActor(), key: call.key()))
    }

    private func prioritise(_ call: Call, _: NoQuery, _ body: PriorityInput) async throws -> Reply<TicketView> {
        let tenant = try await service.context.store(of: call)
        return Reply(
            try await service.changeTicket(
                call.path(Self.id), .prioritise(body.priority.value), in: tenant, by: call.lineActor(),
                key: call.key()))
    }

    private func transfer(_ call: Call, _: NoQuery, _ body: TransferInput) async throws -> Reply<GivenTicketView> {
        let tenant = try await service.context.store(of: call)
        return Reply(
            try await service.transferTicket(
                call.path(Self.id), to: body.queue, in: tenant, by: call.lineActor(), key: call.key()))
    }

    private func undo(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<TicketView> {
        let tenant = try await service.context.store(of: call)
        return Reply(
            try await service.transferTicket.undo(
                call.path(Self.id), in: tenant, by: call.lineActor(), key: call.key()))
    }
}
