import BookingDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling

/// The calendar as a whole: its version, and everything that its tables hold.
enum CalendarTables {
    static let version: Query<EntityVersion> = .one("SELECT \(SQL.version) FROM calendar") { try $0.version() }

    /// Makes changes of the calendar wait for each other and for the bookings that are under way.
    static let lock: SQL = "SELECT lock_calendar()"

    /// Raises the version; answers the new one.
    static let raise: Query<EntityVersion> = .one(
        "UPDATE calendar SET version = version + 1 RETURNING \(SQL.version)"
    ) { try $0.version() }

    /// Raises GU002 if the calendar has another version. Changes of it wait until the transaction has ended.
    static func require(version: EntityVersion) -> SQL { "SELECT require_calendar(\(version.number))" }

    /// Raises GU002 if the schema has another generation.
    static func require(generation: Int) -> SQL {
        "SELECT require_calendar(-1) FROM generation WHERE number <> \(generation)"
    }

    static func set(_ rules: ClinicRules) -> SQL {
        """
        UPDATE calendar SET slot_grid_minutes = \(rules.slots.slotGridMinutes),
            lead_time_minutes = \(rules.slots.leadTimeMinutes), horizon_days = \(rules.slots.horizonDays),
            hold_lifetime_seconds = \(rules.holdLifetimeSeconds), holds_per_client = \(rules.holdsPerClient),
            bookings_per_client = \(rules.bookingsPerClient), concurrent_bookings = \(rules.concurrentBookings),
            bookings_per_minute = \(rules.bookingsPerMinute),
            cancellation_cut_off_minutes = \(rules.cancellationCutOffMinutes)
        """
    }

    /// Reads all tables in one round trip; exceptions and holidays before `day` are left out.
    @EventLoop static func catalog(
        of tenant: TenantProfile, zone: ZoneOffsets, since day: LocalDay,
        by batch: @EventLoop ([SQL]) async throws -> [[Row]]
    ) async throws -> ClinicCatalog {
        let ((version, rules), resources, hours, exceptions, holidays, careTypes, careResources) =
            try await Postgres.ask(
                settings(of: tenant), Resources.all, OpeningTimes.weekly, OpeningTimes.exceptions(since: day),
                Holidays.days(since: day), CareTypes.all, CareTypes.activeResources, by: batch)
        let active = resources.filter(\.isActive).map { resource in
            Resource(
                id: resource.id, kind: resource.kind,
                hours: OpeningHours(
                    weekly: hours[resource.id] ?? [:], exceptions: exceptions[resource.id] ?? [:]))
        }
        let clinic = Clinic(
            rules: rules.slots, zone: zone, resources: active,
            careTypes: try careTypes.settings(given: careResources), holidays: Set(holidays))
        let names = Dictionary(uniqueKeysWithValues: resources.map { ($0.id, $0.name) })
        return ClinicCatalog(version: version, rules: rules, clinic: clinic, names: names)
    }

    static func settings(of tenant: TenantProfile) -> Query<(version: EntityVersion, rules: ClinicRules)> {
        .one("SELECT *, \(SQL.generation) AS generation FROM calendar") { row in
            let rules = try ClinicRules(
                address: tenant.address, timeZone: tenant.timeZone, phone: PhoneRule.of(country: tenant.phoneCountry),
                slots: SlotRules(
                    slotGridMinutes: row.get("slot_grid_minutes"), leadTimeMinutes: row.get("lead_time_minutes"),
                    horizonDays: row.get("horizon_days")),
                holdLifetimeSeconds: row.get("hold_lifetime_seconds"), holdsPerClient: row.get("holds_per_client"),
                bookingsPerClient: row.get("bookings_per_client"), concurrentBookings: row.get("concurrent_bookings"),
                bookingsPerMinute: row.get("bookings_per_minute"),
                cancellationCutOffMinutes: row.get("cancellation_cut_off_minutes"))
            return (try row.version(), rules)
        }
    }
}

extension [StoredCareType] {
    /// The settings of each type of care.
    fileprivate func settings(given resources: [CareTypeResource]) throws -> [CareType: CareTypeSettings] {
        var settings: [CareType: CareTypeSettings] = [:]
        for care in self { settings[care.careType] = try care.settings(given: resources) }
        return settings
    }
}
