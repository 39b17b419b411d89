import BookingDomain
import EventLoop
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Reads the calendar as the clinic's people keep it.
struct ReadCalendar: Sendable {
    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    /// All practitioners or all rooms, those taken out included.
    @EventLoop func resources(_ kind: Resource.Kind) async throws -> [ResourceView] {
        let rows = try await desk.store.data.batch([ResourceRows.find(kind), ResourceRows.hours(of: kind)])
        return try ResourceRows.views(rows[0], hours: rows[1])
    }

    @EventLoop func resource(_ kind: Resource.Kind, _ id: Identifier<Resource>) async throws -> ResourceView {
        let rows = try await desk.store.data.batch([ResourceRows.find(kind, id), ResourceRows.hours(of: kind, id)])
        guard let view = try ResourceRows.views(rows[0], hours: rows[1]).first else { throw NotFound() }
        return view
    }

    /// The exceptions of a year from `day` on.
    @EventLoop func exceptions(
        of kind: Resource.Kind, _ id: Identifier<Resource>, from day: LocalDay
    ) async throws -> [ExceptionView] {
        let (from, to) = (day.description, day.advanced(by: 366).description)
        let rows = try await desk.store.data.batch([
            ResourceRows.find(kind, id),
            """
            SELECT day::text AS day, reason, version FROM exceptions
            WHERE resource = \(id) AND day BETWEEN \(from) AND \(to) ORDER BY exceptions.day
            """,
            """
            SELECT day::text AS day, opens, closes FROM exception_hours
            WHERE resource = \(id) AND day BETWEEN \(from) AND \(to)
            """,
        ])
        guard !rows[0].isEmpty else { throw NotFound() }
        var hours: [LocalDay: [OpeningInterval]] = [:]
        for row in rows[2] { hours[try CalendarRows.day(row), default: []].append(try CalendarRows.interval(row)) }
        return try rows[1].map { row in
            let day = try CalendarRows.day(row)
            return ExceptionView(
                day: day, hours: try CalendarRows.dayHours(hours[day] ?? []),
                reason: try row.find("reason", as: String.self).flatMap { Reason($0) },
                version: try row.get("version"), conflicts: nil)
        }
    }

    /// The holidays of a year from `day` on.
    @EventLoop func holidays(from day: LocalDay) async throws -> [HolidayView] {
        try await desk.store.data.query(
            """
            SELECT day::text AS day, name, version FROM holidays
            WHERE day BETWEEN \(day.description) AND \(day.advanced(by: 366).description) ORDER BY holidays.day
            """
        ).map { row in
            guard let name = Label(try row.get("name")) else { throw CorruptRow("holidays") }
            return HolidayView(
                day: try CalendarRows.day(row), name: name, version: try row.get("version"), conflicts: nil)
        }
    }

    /// What the clinic offers, or would if it had somebody for it.
    @EventLoop func careTypes() async throws -> [CareTypeView] {
        let rows = try await desk.store.data.batch([
            "SELECT * FROM care_types ORDER BY care_type",
            """
            SELECT care_type, resource, kind FROM care_type_resources JOIN resources ON id = resource
            ORDER BY rank, resource
            """,
        ])
        return try rows[0].map { row in
            let name: String = try row.get("care_type")
            guard let careType = CareType(rawValue: name),
                let duration = DurationMinutes(try row.get("duration_minutes"))
            else { throw CorruptRow("care_types") }
            func ids(_ kind: Resource.Kind) throws -> [Identifier<Resource>] {
                try rows[1].filter {
                    try $0.get("care_type", as: String.self) == name && $0.get("kind", as: String.self) == kind.rawValue
                }.map { try $0.get("resource") }
            }
            return CareTypeView(
                careType: careType, durationMinutes: duration, bufferBefore: try row.get("buffer_before"),
                bufferAfter: try row.get("buffer_after"), needsRoom: try row.get("needs_room"),
                practitioners: try ids(.practitioner), rooms: try ids(.room), version: try row.get("version"))
        }
    }

    @EventLoop func settings() async throws -> SettingsView {
        let catalog = try await desk.catalogs.catalog(of: desk.store)
        return SettingsView(catalog.rules, version: catalog.version)
    }

    /// The day that the clinic's calendar shows.
    @EventLoop func today() async throws -> LocalDay {
        try await desk.catalogs.zone(of: desk.store).local(desk.now()).day
    }
}
