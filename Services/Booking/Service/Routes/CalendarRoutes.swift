import EventLoop
import GuichetProtocol
import HTTPServer
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Holidays, types of care, and the clinic's rules.
@EventLoop
struct CalendarRoutes {
    let service: BookingService

    private static let day = PathVariable<LocalDay>("day", "The day on the calendar of the clinic.")
    private static let careType = PathVariable<CareType>("careType", "The type of care.")

    var routes: [Route] { holidayRoutes + careTypeRoutes + settingsRoutes }

    private var holidayRoutes: [Route] {
        [
            Route(
                "listHolidays", .get, "/api/holidays", "Lists the days of a year on which the clinic is closed.",
                access: .staff.or(.calendarRead),
                handler: holidays),
            Route(
                "setHoliday", .put, "/api/holidays/\(Self.day)", "Closes the clinic on a day.",
                access: .management.or(.calendarWrite),
                ifMatch: .requiredToReplace, sends: [.entityTag], current: holiday, handler: setHoliday),
            Route(
                "removeHoliday", .delete, "/api/holidays/\(Self.day)", "Opens the clinic on that day again.",
                access: .management.or(.calendarWrite),
                ifMatch: .required, handler: removeHoliday),
        ].tagged("Holidays", "The days on which the clinic is closed.")
    }

    private var careTypeRoutes: [Route] {
        [
            Route(
                "listCareTypes", .get, "/api/care-types", "Lists the types of care: how long, by whom, where.",
                access: .staffAndPatients.or(.calendarRead), handler: careTypes),
            Route(
                "setCareType", .put, "/api/care-types/\(Self.careType)", "Sets how a type of care is given.",
                access: .management.or(.calendarWrite),
                ifMatch: .requiredToReplace, sends: [.entityTag], problems: [.bookingInvalid], current: careType,
                handler: setCareType),
        ].tagged("Care types", "The care that the clinic offers: how long it takes, who gives it, where.")
    }

    private var settingsRoutes: [Route] {
        [
            Route(
                "readSettings", .get, "/api/settings", "Reads the clinic's rules.", access: .staff.or(.calendarRead),
                sends: [.entityTag],
                handler: settings),
            Route(
                "replaceSettings", .put, "/api/settings", "Sets the numbers of the clinic's rules.",
                access: .management.or(.calendarWrite),
                ifMatch: .required, sends: [.entityTag], problems: [.bookingInvalid, .notFound],
                current: { try await settings($0, NoQuery(), NoBody()) }, handler: setRules),
        ].tagged("Settings", "The rules of the clinic.")
    }

    private func holidays(_ call: Call, _ query: DaysQuery, _: NoBody) async throws -> Reply<Page<HolidayView>> {
        let tenant = try await service.context.store(of: call)
        return Reply(Page(items: try await service.readCalendar.holidays(from: query.from, in: tenant), next: nil))
    }

    private func setHoliday(_ call: Call, _: NoQuery, _ body: HolidayInput) async throws -> Reply<HolidayView> {
        let tenant = try await service.context.store(of: call)
        let view = try await service.changeHoliday.set(
            call.path(Self.day), name: body.name, in: tenant, if: call.precondition())
        return Reply(view, entityTag: EntityTag(version: view.version))
    }

    /// The holiday that the path names, as a list has it.
    private func holiday(_ call: Call) async throws -> Reply<HolidayView>? {
        let (tenant, day) = (try await service.context.store(of: call), try call.path(Self.day))
        return try await service.readCalendar.holidays(from: day, in: tenant).first { $0.day == day }
            .map { Reply($0, entityTag: EntityTag(version: $0.version)) }
    }

    private func removeHoliday(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<ConflictsView> {
        let tenant = try await service.context.store(of: call)
        return Reply(
            try await service.changeHoliday.remove(call.path(Self.day), in: tenant, if: call.precondition()))
    }

    private func careTypes(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<Page<CareTypeView>> {
        let tenant = try await service.context.store(of: call)
        return Reply(Page(items: try await service.readCalendar.careTypes(in: tenant), next: nil))
    }

    /// The type of care that the path names, as the list has it.
    private func careType(_ call: Call) async throws -> Reply<CareTypeView>? {
        let (tenant, careType) = (try await service.context.store(of: call), try call.path(Self.careType))
        return try await service.readCalendar.careTypes(in: tenant).first { $0.careType == careType }
            .map { Reply($0, entityTag: EntityTag(version: $0.version)) }
    }

    private func setCareType(_ call: Call, _: NoQuery, _ body: CareTypeInput) async throws -> Reply<CareTypeView> {
        let tenant = try await service.context.store(of: call)
        let view = try await service.setCareType(
            call.path(Self.careType), body.wish(), in: tenant, if: call.precondition())
        return Reply(view, entityTag: EntityTag(version: view.version))
    }

    private func settings(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<SettingsView> {
        let tenant = try await service.context.store(of: call)
        let view = try await service.readCalendar.settings(in: tenant)
        return Reply(view, entityTag: EntityTag(version: view.version))
    }

    private func setRules(_ call: Call, _: NoQuery, _ body: SettingsInput) async throws -> Reply<SettingsView> {
        let tenant = try await service.context.store(of: call)
        let view = try await service.setRules(body.rules(of: tenant.tenant), in: tenant, if: call.precondition())
        return Reply(view, entityTag: EntityTag(version: view.version))
    }
}
