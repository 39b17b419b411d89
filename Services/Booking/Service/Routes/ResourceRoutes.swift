import EventLoop
import GuichetProtocol
import HTTPServer
import Primitives
import Scheduling
import ServiceHost

/// The practitioners, or the rooms, and the days on which they have other hours.
@EventLoop
struct ResourceRoutes {
    let service: BookingService
    let kind: Resource.Kind

    private static let id = PathVariable<Identifier<Resource>>("id", "The practitioner or the room.")
    private static let day = PathVariable<LocalDay>("day", "The day on the calendar of the clinic.")

    var routes: [Route] {
        let noun = kind.rawValue
        let name = noun.prefix(1).uppercased() + noun.dropFirst()
        let all: PathTemplate = "/api/\(word: noun)s"
        let one: PathTemplate = "\(all)/\(Self.id)"
        let exceptions: PathTemplate = "\(one)/exceptions"
        return [
            Route(
                "list\(name)s", .get, all, "Lists the \(noun)s, inactive ones included.",
                access: .staff.or(.calendarRead), handler: list),
            Route(
                "add\(name)", .post, all, "Adds a \(noun) to the calendar.", access: .management.or(.calendarWrite),
                idempotency: .required,
                sends: [.entityTag, .location], success: .created, handler: register),
            Route(
                "read\(name)", .get, one, "Reads a \(noun).", access: .staff.or(.calendarRead), sends: [.entityTag],
                handler: read),
            Route(
                "replace\(name)", .put, one, "Replaces name and weekly hours; an inactive \(noun) is active again.",
                access: .management.or(.calendarWrite), ifMatch: .required, sends: [.entityTag],
                current: { try await read($0, NoQuery(), NoBody()) }, handler: replace),
            Route(
                "deactivate\(name)", .delete, one, "Deactivates a \(noun): nothing new is booked with it.",
                access: .management.or(.calendarWrite),
                ifMatch: .required, sends: [.entityTag], handler: deactivate),
            Route(
                "list\(name)Exceptions", .get, exceptions,
                "Lists the days of a year on which a \(noun) has other hours.",
                access: .staff.or(.calendarRead), handler: self.exceptions),
            Route(
                "set\(name)Exception", .put, "\(exceptions)/\(Self.day)", "Sets the hours of a \(noun) on one day.",
                access: .management.or(.calendarWrite),
                ifMatch: .requiredToReplace, sends: [.entityTag], current: exception, handler: setException),
            Route(
                "remove\(name)Exception", .delete, "\(exceptions)/\(Self.day)",
                "Removes the exception: the day has its weekly hours again.",
                access: .management.or(.calendarWrite), ifMatch: .required, handler: removeException),
        ].tagged("\(name)s", "The clinic's \(noun)s: weekly hours, and days with other hours.")
    }

    private func list(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<Page<ResourceView>> {
        let tenant = try await service.context.store(of: call)
        return Reply(Page(items: try await service.readCalendar.resources(kind, in: tenant), next: nil))
    }

    private func register(_ call: Call, _: NoQuery, _ body: ResourceInput) async throws -> Reply<ResourceView> {
        let tenant = try await service.context.store(of: call)
        let view = try await service.changeResource.register(
            kind, body.wish, in: tenant, key: call.key())
        return Reply(view, entityTag: view.tag, location: "/api/\(kind.rawValue)s/\(view.id)")
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<ResourceView> {
        let tenant = try await service.context.store(of: call)
        let view = try await service.readCalendar.resource(kind, call.path(Self.id), in: tenant)
        return Reply(view, entityTag: view.tag)
    }

    private func replace(_ call: Call, _: NoQuery, _ body: ResourceInput) async throws -> Reply<ResourceView> {
        let tenant = try await service.context.store(of: call)
        let view = try await service.changeResource.replace(
            kind, call.path(Self.id), by: body.wish, in: tenant, if: call.precondition())
        return Reply(view, entityTag: view.tag)
    }

    private func deactivate(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<ResourceView> {
        let tenant = try await service.context.store(of: call)
        let view = try await service.changeResource.deactivate(
            kind, call.path(Self.id), in: tenant, if: call.precondition())
        return Reply(view, entityTag: view.tag)
    }

    private func exceptions(_ call: Call, _ query: DaysQuery, _: NoBody) async throws -> Reply<Page<ExceptionView>> {
        let tenant = try await service.context.store(of: call)
        let exceptions = try await service.readCalendar.exceptions(
            of: kind, call.path(Self.id), from: query.from, in: tenant)
        return Reply(Page(items: exceptions, next: nil))
    }

    private func setException(_ call: Call, _: NoQuery, _ body: ExceptionInput) async throws -> Reply<ExceptionView> {
        let tenant = try await service.context.store(of: call)
        let view = try await service.changeException.set(
            day(call), to: body.hours, reason: body.reason, in: tenant, if: call.precondition())
        return Reply(view, entityTag: EntityTag(version: view.version))
    }

    /// The exception that the path names, as a list has it.
    private func exception(_ call: Call) async throws -> Reply<ExceptionView>? {
        let (tenant, named) = (try await service.context.store(of: call), try day(call))
        let listed = try await service.readCalendar.exceptions(of: kind, named.resource, from: named.day, in: tenant)
        return listed.first { $0.day == named.day }.map { Reply($0, entityTag: EntityTag(version: $0.version)) }
    }

    private func removeException(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<ConflictsView> {
        let tenant = try await service.context.store(of: call)
        return Reply(try await service.changeException.remove(day(call), in: tenant, if: call.precondition()))
    }

    private func day(_ call: Call) throws -> ResourceDay {
        ResourceDay(kind: kind, resource: try call.path(Self.id), day: try call.path(Self.day))
    }
}

extension ResourceView {
    fileprivate var tag: EntityTag { EntityTag(version: version) }
}
