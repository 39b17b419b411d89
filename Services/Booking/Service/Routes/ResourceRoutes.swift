import EventLoop
import HTTPServer
import Primitives
import Scheduling
import ServiceHost

/// The practitioners, or the rooms, and the days on which they keep other hours.
@EventLoop
struct ResourceRoutes {
    let service: BookingService
    let kind: Resource.Kind

    private static let id: [String: any PathParameter.Type] = ["id": Identifier<Resource>.self]
    private static let day: [String: any PathParameter.Type] = ["id": Identifier<Resource>.self, "day": LocalDay.self]

    var routes: [Route] {
        let noun = kind.rawValue
        func path(_ rest: String) -> PathTemplate { PathTemplate(stringLiteral: "/api/\(noun)s\(rest)") }
        return [
            Route(
                .get, path(""), "Lists the \(noun)s, those taken out included.", access: .staff,
                problems: [.unavailable], handler: list),
            Route(
                .post, path(""), "Puts a \(noun) into the calendar.", access: .management, idempotency: .required,
                success: .created, problems: BookingProblems.ofKeyedWrites, handler: register),
            Route(
                .get, path("/{id}"), "Reads a \(noun).", access: .staff, parameters: Self.id,
                problems: [.notFound, .unavailable], handler: read),
            Route(
                .put, path("/{id}"), "Replaces name and weekly hours; a \(noun) that was taken out is back.",
                access: .management, parameters: Self.id, problems: BookingProblems.ofReplacing, handler: replace),
            Route(
                .delete, path("/{id}"), "Takes a \(noun) out: nothing new is booked with it.", access: .management,
                parameters: Self.id, problems: BookingProblems.ofReplacing, handler: deactivate),
            Route(
                .get, path("/{id}/exceptions"), "The days of a year on which a \(noun) keeps other hours.",
                access: .staff, parameters: Self.id, problems: [.notFound, .unavailable], handler: exceptions),
            Route(
                .put, path("/{id}/exceptions/{day}"), "Sets the hours of a \(noun) on one day.", access: .management,
                parameters: Self.day, problems: BookingProblems.ofReplacing, handler: setException),
            Route(
                .delete, path("/{id}/exceptions/{day}"), "Lets the week hold on that day again.", access: .management,
                parameters: Self.day, problems: BookingProblems.ofReplacing, handler: removeException),
        ]
    }

    private func list(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<Page<ResourceView>> {
        let desk = try await service.desk(of: call)
        return Reply(Page(items: try await ReadCalendar(desk).resources(kind), next: nil))
    }

    private func register(_ call: Call, _: NoQuery, _ body: ResourceInput) async throws -> Reply<ResourceView> {
        let desk = try await service.desk(of: call)
        let view = try await ChangeResource(desk, kind).register(
            name: body.name, hours: body.hours, key: call.key("register \(kind.rawValue)"))
        return Reply(view, entityTag: view.tag, location: "/api/\(kind.rawValue)s/\(view.id)")
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<ResourceView> {
        let desk = try await service.desk(of: call)
        let view = try await ReadCalendar(desk).resource(kind, call.path("id"))
        return Reply(view, entityTag: view.tag)
    }

    private func replace(_ call: Call, _: NoQuery, _ body: ResourceInput) async throws -> Reply<ResourceView> {
        let desk = try await service.desk(of: call)
        let view = try await ChangeResource(desk, kind).replace(
            call.path("id"), name: body.name, hours: body.hours, if: call.precondition())
        return Reply(view, entityTag: view.tag)
    }

    private func deactivate(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<ResourceView> {
        let desk = try await service.desk(of: call)
        let view = try await ChangeResource(desk, kind).deactivate(call.path("id"), if: call.precondition())
        return Reply(view, entityTag: view.tag)
    }

    private func exceptions(_ call: Call, _ query: DaysQuery, _: NoBody) async throws -> Reply<Page<ExceptionView>> {
        let calendar = ReadCalendar(try await service.desk(of: call))
        let from = if let day = query.from { day } else { try await calendar.today() }
        return Reply(Page(items: try await calendar.exceptions(of: kind, call.path("id"), from: from), next: nil))
    }

    private func setException(_ call: Call, _: NoQuery, _ body: ExceptionInput) async throws -> Reply<ExceptionView> {
        let desk = try await service.desk(of: call)
        let view = try await ChangeException(desk, kind).set(
            call.path("day"), of: call.path("id"), to: body.hours, reason: body.reason, if: call.precondition())
        return Reply(view, entityTag: EntityTag(version: Int64(view.version)))
    }

    private func removeException(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<ConflictsView> {
        let desk = try await service.desk(of: call)
        return Reply(
            try await ChangeException(desk, kind).remove(
                call.path("day"), of: call.path("id"), if: call.precondition()))
    }
}

extension ResourceView {
    fileprivate var tag: EntityTag { EntityTag(version: Int64(version)) }
}
