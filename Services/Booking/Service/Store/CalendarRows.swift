import BookingDomain
import GuichetProtocol
import Postgres
import Primitives
import Scheduling

/// The calendar's tables, read in one round trip, on their way to the domain.
struct CalendarRows {
    /// What is dated counts from the day before yesterday on, as bookings look at it, or from `day` on.
    static func statements(since day: LocalDay? = nil) -> [SQL] {
        let first: SQL = if let day { "\(day.description)::date" } else { "current_date - 2" }
        return [
            "SELECT * FROM calendar",
            "SELECT id, kind, name, is_active FROM resources ORDER BY id",
            "SELECT resource, weekday, opens, closes FROM opening_hours",
            "SELECT resource, day::text AS day FROM exceptions WHERE day >= \(first)",
            "SELECT resource, day::text AS day, opens, closes FROM exception_hours WHERE day >= \(first)",
            "SELECT day::text AS day FROM holidays WHERE day >= \(first)",
            "SELECT care_type, duration_minutes, buffer_before, buffer_after, needs_room FROM care_types",
            """
            SELECT c.care_type, c.resource, r.kind FROM care_type_resources c JOIN resources r ON r.id = c.resource
            WHERE r.is_active ORDER BY c.rank, c.resource
            """,
        ]
    }

    private let calendar, resources, hours, exceptions, exceptionHours, holidays, careTypes, careResources: [Row]

    init(_ rows: [[Row]]) {
        (calendar, resources, hours, exceptions) = (rows[0], rows[1], rows[2], rows[3])
        (exceptionHours, holidays, careTypes, careResources) = (rows[4], rows[5], rows[6], rows[7])
    }

    func catalog(of tenant: TenantProfile, zone: ZoneOffsets) throws -> ClinicCatalog {
        var names: [Identifier<Resource>: String] = [:]
        for row in resources { names[try row.get("id")] = try row.get("name") }
        let rules = try rules(of: tenant)
        let clinic = Clinic(
            rules: rules.slots, zone: zone, resources: try domainResources(),
            careTypes: try domainCareTypes(), holidays: Set(try holidays.map(Self.day)))
        return ClinicCatalog(version: try calendar[0].get("version"), rules: rules, clinic: clinic, names: names)
    }

    private func rules(of tenant: TenantProfile) throws -> ClinicRules {
        let row = calendar[0]
        return try ClinicRules(
            address: tenant.address, timeZone: tenant.timeZone, phone: PhoneRule.of(country: tenant.phoneCountry),
            slots: SlotRules(
                slotGridMinutes: row.get("slot_grid_minutes"), leadTimeMinutes: row.get("lead_time_minutes"),
                horizonDays: row.get("horizon_days")),
            holdLifetimeSeconds: row.get("hold_lifetime_seconds"), holdsPerClient: row.get("holds_per_client"),
            concurrentBookings: row.get("concurrent_bookings"),
            bookingsPerMinute: row.get("bookings_per_minute"),
            cancellationCutOffMinutes: row.get("cancellation_cut_off_minutes"))
    }

    private func domainResources() throws -> [Resource] {
        var weekly: [Identifier<Resource>: [Weekday: [OpeningInterval]]] = [:]
        for row in hours {
            guard let weekday = Weekday(rawValue: try row.get("weekday")) else { throw Self.unreadable }
            weekly[try row.get("resource"), default: [:]][weekday, default: []].append(try Self.interval(row))
        }
        var dated: [Identifier<Resource>: [LocalDay: [OpeningInterval]]] = [:]
        for row in exceptions { dated[try row.get("resource"), default: [:]][try Self.day(row)] = [] }
        for row in exceptionHours {
            dated[try row.get("resource"), default: [:]][try Self.day(row), default: []].append(try Self.interval(row))
        }
        return try resources.filter { try $0.get("is_active") }.map { row in
            let id: Identifier<Resource> = try row.get("id")
            guard let kind = Resource.Kind(rawValue: try row.get("kind")) else { throw Self.unreadable }
            return Resource(
                id: id, kind: kind,
                hours: OpeningHours(
                    weekly: try (weekly[id] ?? [:]).mapValues(Self.dayHours),
                    exceptions: try (dated[id] ?? [:]).mapValues(Self.dayHours)))
        }
    }

    private func domainCareTypes() throws -> [CareType: CareTypeSettings] {
        var settings: [CareType: CareTypeSettings] = [:]
        for row in careTypes {
            let name: String = try row.get("care_type")
            guard let careType = CareType(rawValue: name),
                let duration = DurationMinutes(try row.get("duration_minutes"))
            else { throw Self.unreadable }
            let resources = try careResources.filter { try $0.get("care_type", as: String.self) == name }
            func ids(_ kind: String) throws -> [Identifier<Resource>] {
                try resources.filter { try $0.get("kind", as: String.self) == kind }.map { try $0.get("resource") }
            }
            let needsRoom: Bool = try row.get("needs_room")
            settings[careType] = try CareTypeSettings(
                duration: duration, bufferBefore: row.get("buffer_before"), bufferAfter: row.get("buffer_after"),
                practitioners: ids("practitioner"), rooms: needsRoom ? ids("room") : nil)
        }
        return settings
    }

    static func day(_ row: Row) throws -> LocalDay {
        guard let day = LocalDay(try row.get("day", as: String.self)) else { throw unreadable }
        return day
    }

    static func interval(_ row: Row) throws -> OpeningInterval {
        guard let opens = MinuteOfDay(minutes: try row.get("opens")),
            let closes = MinuteOfDay(minutes: try row.get("closes")),
            let interval = OpeningInterval(opens, closes)
        else { throw unreadable }
        return interval
    }

    static func dayHours(_ intervals: [OpeningInterval]) throws -> DayHours {
        guard let hours = DayHours(intervals) else { throw unreadable }
        return hours
    }

    private static let unreadable = CorruptRow("calendar")
}

extension PhoneRule {
    /// The rule of a country (ISO 3166-1 alpha-2); Algeria's where no other is known.
    static func of(country: String) -> PhoneRule { country == "FR" ? .france : .algeria }
}
