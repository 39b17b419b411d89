import AvailabilityDomain
import EventLoop
import Postgres
import Primitives
import Runtime
import Tenancy

/// What every tenant has decided about its publication. The truth is a table of the service's own schema; each process
/// keeps a copy and follows its changes.
@EventLoop
final class Offices {
    /// A tenant's decision and its version.
    struct Entry: Sendable {
        let office: Office
        /// The city in plain letters.
        let cityKey: String
        let version: Int

        func isIn(_ city: String) -> Bool { office.city.lowercased() == city || cityKey == city }
    }

    private let directory: TenantDirectory
    private var entries: [TenantSlug: Entry] = [:]
    private var lastChange = Instant(seconds: 0)

    init(_ directory: TenantDirectory) { self.directory = directory }

    /// The tenant's decision; nil when it has made none.
    func entry(of tenant: TenantSlug) -> Entry? { entries[tenant] }

    /// Whether the public may search the tenant.
    func isOpen(_ tenant: TenantSlug) -> Bool { entries[tenant]?.office.isOpen ?? false }

    func latencyLimit(of tenant: TenantSlug) -> Duration {
        entries[tenant]?.office.latencyLimit ?? Office.standardLatencyLimit
    }

    /// The tenants that are open to the public, in a city if one is named, with or without its accents.
    func open(in city: String?) -> [TenantSlug] {
        let wanted = city?.lowercased()
        return entries.filter { _, entry in entry.office.isOpen && (wanted.map(entry.isIn) ?? true) }
            .map(\.key).sorted()
    }

    /// The tenant itself, open or not, if it is in this city.
    func own(_ tenant: TenantSlug, in city: String) -> [TenantSlug] {
        entries[tenant].map { $0.isIn(city.lowercased()) ? [tenant] : [] } ?? []
    }

    /// Reads what changed since the last time.
    func reload() async throws {
        // Clocks of transactions are not in commit order: look a little further back than the last change seen.
        let rows = try await directory.registry.inBackground.query(
            "\(Self.select) WHERE updated_at > \(lastChange - .seconds(10))")
        for row in rows {
            entries[try row.get("tenant")] = try Self.entry(row)
            lastChange = max(lastChange, try row.get("updated_at"))
        }
    }

    /// Decides for a tenant, if it has decided as of `expected` (0: nothing yet; nil: whatever). Nil when it has not.
    func decide(_ office: Office, for tenant: TenantSlug, expected: Int?) async throws -> Entry? {
        let limit = Int(office.latencyLimit / .milliseconds(1))
        let rows = try await directory.registry.batch([
            """
            INSERT INTO offices (tenant, is_open, city, city_key, phone, booking_url, latency_limit_ms)
            SELECT \(tenant), \(office.isOpen), \(office.city),
                lower(regexp_replace(normalize(\(office.city), NFD), '[\\u0300-\\u036f]', '', 'g')), \(office.phone),
                \(office.bookingURL), \(limit)
            WHERE \(expected ?? 0) = 0 OR EXISTS (SELECT FROM offices WHERE tenant = \(tenant))
            ON CONFLICT (tenant) DO UPDATE SET version = offices.version + 1, is_open = excluded.is_open,
                city = excluded.city, city_key = excluded.city_key, phone = excluded.phone,
                booking_url = excluded.booking_url, latency_limit_ms = excluded.latency_limit_ms,
                updated_at = clock_timestamp()
                WHERE \(expected)::bigint IS NULL OR offices.version = \(expected)
            """,
            "\(Self.select) WHERE tenant = \(tenant)",
        ])
        try await reload()
        guard let row = rows[1].first else { return nil }
        let entry = try Self.entry(row)
        return entry.office == office && (expected.map { entry.version == $0 + 1 } ?? true) ? entry : nil
    }

    private static let select: SQL = "SELECT * FROM offices"

    private static func entry(_ row: Row) throws -> Entry {
        guard
            let office = Office(
                isOpen: try row.get("is_open"), city: try row.get("city"), phone: try row.find("phone"),
                bookingURL: try row.find("booking_url"),
                latencyLimit: .milliseconds(try row.get("latency_limit_ms", as: Int.self)))
        else { throw CorruptRow(table: "offices") }
        return Entry(office: office, cityKey: try row.get("city_key"), version: try row.get("version"))
    }
}
