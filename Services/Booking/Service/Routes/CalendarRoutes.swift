import EventLoop
import HTTPServer
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// The calendar beside its practitioners and rooms: holidays, what is offered, and the clinic's rules.
@EventLoop
struct CalendarRoutes {
    let service: BookingService

    var routes: [Route] {
        [
            Route(
                .get, "/api/holidays", "The days of a year on which the clinic is closed.", access: .staff,
                problems: [.unavailable], handler: holidays),
            Route(
                .put, "/api/holidays/{day}", "Closes the clinic on a day.", access: .management,
                parameters: ["day": LocalDay.self], problems: BookingProblems.ofReplacing, handler: setHoliday),
            Route(
                .delete, "/api/holidays/{day}", "Opens the clinic on that day again.", access: .management,
                parameters: ["day": LocalDay.self], problems: BookingProblems.ofReplacing, handler: removeHoliday),
            Route(
                .get, "/api/care-types", "What is offered: how long, by whom, where.", access: .staffAndPatients,
                problems: [.unavailable], handler: careTypes),
            Route(
                .put, "/api/care-types/{careType}", "Sets how a type of care is given.", access: .management,
                parameters: ["careType": CareType.self], problems: BookingProblems.ofReplacing + [.bookingInvalid],
                handler: setCareType),
            Route(
                .get, "/api/settings", "The clinic's rules.", access: .staff, problems: [.unavailable],
                handler: settings),
            Route(
                .put, "/api/settings", "Sets the numbers of the clinic's rules.", access: .management,
                problems: BookingProblems.ofReplacing + [.bookingInvalid], handler: setRules),
        ]
    }

    private func holidays(_ call: Call, _ query: DaysQuery, _: NoBody) async throws -> Reply<Page<HolidayView>> {
        let calendar = ReadCalendar(try await service.desk(of: call))
        let from = if let day = query.from { day } else { try await calendar.today() }
        return Reply(Page(items: try await calendar.holidays(from: from), next: nil))
    }

    private func setHoliday(_ call: Call, _: NoQuery, _ body: HolidayInput) async throws -> Reply<HolidayView> {
        let desk = try await service.desk(of: call)
        let view = try await ChangeHoliday(desk).set(call.path("day"), name: body.name, if: call.precondition())
        return Reply(view, entityTag: EntityTag(version: Int64(view.version)))
    }

    private func removeHoliday(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<ConflictsView> {
        let desk = try await service.desk(of: call)
        return Reply(try await ChangeHoliday(desk).remove(call.path("day"), if: call.precondition()))
    }

    private func careTypes(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<Page<CareTypeView>> {
        let desk = try await service.desk(of: call)
        return Reply(Page(items: try await ReadCalendar(desk).careTypes(), next: nil))
    }

    private func setCareType(_ call: Call, _: NoQuery, _ body: CareTypeInput) async throws -> Reply<CareTypeView> {
        let desk = try await service.desk(of: call)
        let view = try await SetCareType(desk)(
            call.path("careType"), to: body.settings(), rooms: body.rooms, if: call.precondition())
        return Reply(view, entityTag: EntityTag(version: Int64(view.version)))
    }

    private func settings(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<SettingsView> {
        let view = try await ReadCalendar(try await service.desk(of: call)).settings()
        return Reply(view, entityTag: EntityTag(version: Int64(view.version)))
    }

    private func setRules(_ call: Call, _: NoQuery, _ body: SettingsInput) async throws -> Reply<SettingsView> {
        let desk = try await service.desk(of: call)
        let view = try await SetRules(desk)(body.rules(of: desk.store.tenant), if: call.precondition())
        return Reply(view, entityTag: EntityTag(version: Int64(view.version)))
    }
}
