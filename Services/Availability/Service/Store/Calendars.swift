import AvailabilityDomain
import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import Scheduling
import Tenancy

/// One tenant's calendar as of one version.
struct Calendar: Sendable {
    let tenant: TenantSlug
    let version: Int
    let clinic: Clinic
    let names: [Identifier<Resource>: String]
    private let kept: KeptOpenings

    init(
        of tenant: TenantSlug, version: Int, clinic: Clinic, names: [Identifier<Resource>: String], kept: KeptOpenings
    ) {
        (self.tenant, self.version, self.clinic, self.names, self.kept) = (tenant, version, clinic, names, kept)
    }

    /// What was worked out of a day before.
    @EventLoop func openings(of day: LocalDay) -> DayView.Openings? {
        kept.days[KeptOpenings.Key(tenant: tenant, version: version, day: day)]
    }

    @EventLoop func keep(_ openings: DayView.Openings, of day: LocalDay) {
        kept.keep(openings, as: KeptOpenings.Key(tenant: tenant, version: version, day: day))
    }
}

/// The openings of days, as far as they have been asked for: they are the same for every appointment of a day.
@EventLoop
final class KeptOpenings {
    struct Key: Hashable, Sendable {
        let tenant: TenantSlug
        let version: Int
        let day: LocalDay
    }

    /// Some 15 kB each for a large clinic. When so many are kept it begins anew.
    private static let limit = 2000

    private(set) var days: [Key: DayView.Openings] = [:]

    nonisolated init() {}

    func keep(_ openings: DayView.Openings, as key: Key) {
        if days.count >= Self.limit { days = [:] }
        days[key] = openings
    }
}

/// Keeps the calendars of tenants; a copy is used only for the version that the database has.
@EventLoop
final class Calendars {
    private var known: [TenantSlug: Calendar] = [:]
    private let kept = KeptOpenings()
    private let zones = ZoneTable()

    init() {}

    /// Reads the calendar's version and keeps it from changing until the transaction ends.
    static let keptVersion: SQL = "SELECT version FROM calendar FOR SHARE"
    /// Reads the calendar's version before changing it.
    static let lockedVersion: SQL = "SELECT version FROM calendar FOR UPDATE"

    /// Stores a newer calendar in place of the one that is there. Of two that come first at the same moment the newer one
    /// stays: where no row is, none can be locked.
    static func store(_ snapshot: CalendarSnapshot, zone: String, because cause: Cause) throws -> SQL {
        let json = String(decoding: try JSONEncoder().encode(snapshot), as: UTF8.self)
        return """
            INSERT INTO calendar (version, snapshot, horizon_days, time_zone, event_id, event_type, event_subject,
                event_version, happened_at)
            VALUES (\(snapshot.version), \(json), \(snapshot.horizonDays), \(zone), \(cause.id), \(cause.type),
                \(cause.aggregate), \(cause.version), \(cause.time))
            ON CONFLICT (only_row) DO UPDATE SET version = excluded.version, snapshot = excluded.snapshot,
                horizon_days = excluded.horizon_days, time_zone = excluded.time_zone, event_id = excluded.event_id,
                event_type = excluded.event_type, event_subject = excluded.event_subject,
                event_version = excluded.event_version, happened_at = excluded.happened_at
            WHERE calendar.version < excluded.version
            """
    }

    /// Reads which event told the calendar.
    static let cause: SQL = """
        SELECT event_id, event_type, event_subject AS aggregate, event_version AS aggregate_version, happened_at,
            NULL AS correlation FROM calendar
        """

    /// The calendar of the version that `rows` of one of the statements above tell; nil when there is none yet.
    func calendar(of store: TenantStore, asOf rows: [Row], in transaction: Transaction) async throws -> Calendar? {
        guard let version: Int = try rows.first?.get("version") else { return nil }
        if let calendar = known[store.tenant.slug], calendar.version == version { return calendar }
        let row = try await transaction.query("SELECT snapshot FROM calendar")[0]
        let json: String = try row.get("snapshot")
        return try await keep(JSONDecoder().decode(CalendarSnapshot.self, from: Data(json.utf8)), of: store)
    }

    /// Makes the snapshot the tenant's calendar in this process.
    @discardableResult
    func keep(_ snapshot: CalendarSnapshot, of store: TenantStore) async throws -> Calendar {
        let zone = try await zone(of: store)
        let calendar = Calendar(
            of: store.tenant.slug, version: snapshot.version, clinic: try Clinic(snapshot, zone: zone),
            names: Dictionary(
                snapshot.resources.map { (Identifier($0.id.uuid), $0.name) }, uniquingKeysWith: { $1 }), kept: kept)
        known[store.tenant.slug] = calendar
        return calendar
    }

    /// The offsets of the tenant's time zone.
    func zone(of store: TenantStore) async throws -> ZoneOffsets {
        try await zones.offsets(of: store.tenant.timeZone, from: store.data)
    }
}
