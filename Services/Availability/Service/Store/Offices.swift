import AvailabilityDomain
import EventLoop
import Idempotency
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

        func isIn(_ city: String) -> Bool { office.city.text.lowercased() == city || cityKey == city }
    }

    private let directory: TenantDirectory
    private var entries: [TenantSlug: Entry] = [:]
    private var lastChange = Instant(seconds: 0)

    init(_ directory: TenantDirectory) { self.directory = directory }

    /// The tenant's decision; nil when it has made none.
    func entry(of tenant: TenantSlug) -> Entry? { entries[tenant] }

    /// Whether the public may search the tenant.
    func isOpen(_ tenant: TenantSlug) -> Bool { entries[tenant]?.office.isOpen ?? false }

    func latencyLimit(of tenant: TenantSlug) -> LatencyLimit {
        entries[tenant]?.office.latencyLimit ?? .standard
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

    /// The tenant's decision as the database has it: another process may just have changed it.
    func find(_ tenant: TenantSlug) async throws -> Entry? {
        try await directory.registry.query("\(Self.select) WHERE tenant = \(tenant)").first.map(Self.entry)
    }

    /// Decides for a tenant. Throws ``Precondition/Fault`` when it is not as the caller has seen it; of two who decide at
    /// the same time one waits, and is then refused.
    func decide(_ office: Office, for tenant: TenantSlug, if precondition: Precondition) async throws -> Entry {
        let entry = try await directory.registry.transaction { transaction in
            let found = try await transaction.batch([
                "LOCK TABLE offices IN SHARE ROW EXCLUSIVE MODE",
                "SELECT version FROM offices WHERE tenant = \(tenant)",
            ])
            try precondition.check(try found[1].first?.get("version"))
            return try Self.entry(try await transaction.query(Self.upsert(office, for: tenant))[0])
        }
        entries[tenant] = entry
        return entry
    }

    private static func upsert(_ office: Office, for tenant: TenantSlug) -> SQL {
        """
        INSERT INTO offices (tenant, is_open, city, city_key, phone, booking_url, latency_limit_ms)
        VALUES (\(tenant), \(office.isOpen), \(office.city.text),
            lower(regexp_replace(normalize(\(office.city.text), NFD), '[\\u0300-\\u036f]', '', 'g')), \(office.phone?.text),
            \(office.bookingURL?.text), \(office.latencyLimit.milliseconds))
        ON CONFLICT (tenant) DO UPDATE SET version = offices.version + 1, is_open = excluded.is_open,
            city = excluded.city, city_key = excluded.city_key, phone = excluded.phone,
            booking_url = excluded.booking_url, latency_limit_ms = excluded.latency_limit_ms,
            updated_at = clock_timestamp()
        RETURNING *
        """
    }

    private static let select: SQL = "SELECT * FROM offices"

    private static func entry(_ row: Row) throws -> Entry {
        guard let city = City(try row.get("city")),
            let limit = LatencyLimit(milliseconds: try row.get("latency_limit_ms"))
        else { throw CorruptRow("offices") }
        let office = Office(
            isOpen: try row.get("is_open"), city: city, phone: try row.find("phone").flatMap { PhoneNumber($0) },
            bookingURL: try row.find("booking_url").flatMap { BookingAddress($0) }, latencyLimit: limit)
        return Entry(office: office, cityKey: try row.get("city_key"), version: try row.get("version"))
    }
}
