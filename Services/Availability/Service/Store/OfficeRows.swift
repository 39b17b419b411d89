import AvailabilityDomain
import Messaging
import Postgres
import Primitives

/// What a tenant has decided about its publication, as it is stored.
struct OfficeEntry: Sendable {
    let tenant: TenantSlug
    let office: Office
    /// The words of the city's name, without accents.
    let cityWords: [String]
    let version: EntityVersion
    let updatedAt: Instant

    fileprivate init(_ row: Row) throws {
        guard let limit = LatencyLimit(milliseconds: try row.get("latency_limit_ms")) else {
            throw CorruptRow("offices")
        }
        let city = City(stored: try row.get("city"))
        office = Office(
            isOpen: try row.get("is_open"), city: city, state: try row.find("state").flatMap { StateName($0) },
            postalCode: try row.find("postal_code").flatMap { PostalCode($0) },
            phone: try row.find("phone").flatMap { PhoneNumber($0) },
            bookingURL: try row.find("booking_url").flatMap { BookingAddress($0) },
            identifiers: try [OfficeIdentifier](stored: row.get("identifiers")), latencyLimit: limit)
        (tenant, cityWords, version) = (try row.get("tenant"), TextFolding.words(city.text), try row.version())
        updatedAt = try row.get("updated_at")
    }

    /// Whether it is in the city whose name has these words.
    func isIn(_ words: [String]) -> Bool { cityWords == words }
}

extension [OfficeIdentifier] {
    /// As the column holds them.
    fileprivate var stored: String { map { "\($0.system.text) \($0.value)" }.joined(separator: "\n") }

    /// Throws ``CorruptRow`` for text that ``stored`` does not write.
    fileprivate init(stored text: String) throws {
        self = try text.split(separator: "\n").map { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let system = IdentifierSystem(String(parts[0])),
                let value = OfficeIdentifier.Value(String(parts[1]))
            else { throw CorruptRow("offices") }
            return OfficeIdentifier(system: system, value: value)
        }
    }
}

/// The statements about what tenants have decided.
enum OfficeRows {
    /// The decisions that changed after `instant`.
    static func changed(after instant: Instant) -> Query<[OfficeEntry]> {
        .all("SELECT *, \(SQL.generation) AS generation FROM offices WHERE updated_at > \(instant)", OfficeEntry.init)
    }

    /// The tenant's decision; nil if it has made none.
    static func find(_ tenant: TenantSlug) -> Query<OfficeEntry?> {
        .first("SELECT *, \(SQL.generation) AS generation FROM offices WHERE tenant = \(tenant)", OfficeEntry.init)
    }

    /// Removes the decision of a tenant that is removed.
    static func remove(_ tenant: TenantSlug) -> SQL { "DELETE FROM offices WHERE tenant = \(tenant)" }

    /// Makes concurrent decisions wait for each other until the transaction ends.
    static let lock: Query<Void> = Query("LOCK TABLE offices IN SHARE ROW EXCLUSIVE MODE") { _ in }

    /// Stores the decision and reads it back.
    static func store(_ office: Office, for tenant: TenantSlug) -> Query<OfficeEntry> {
        .one(
            """
            INSERT INTO offices (tenant, is_open, city, city_key, state, postal_code, phone, booking_url, identifiers,
                latency_limit_ms)
            VALUES (\(tenant), \(office.isOpen), \(office.city.text),
                lower(regexp_replace(normalize(\(office.city.text), NFD), '[\\u0300-\\u036f]', '', 'g')),
                \(office.state?.text), \(office.postalCode?.text), \(office.phone?.text), \(office.bookingURL?.text),
                \(office.identifiers.stored), \(office.latencyLimit.milliseconds))
            ON CONFLICT (tenant) DO UPDATE SET version = offices.version + 1, is_open = excluded.is_open,
                city = excluded.city, city_key = excluded.city_key, state = excluded.state,
                postal_code = excluded.postal_code, phone = excluded.phone, booking_url = excluded.booking_url,
                identifiers = excluded.identifiers, latency_limit_ms = excluded.latency_limit_ms,
                updated_at = clock_timestamp()
            RETURNING *, \(SQL.generation) AS generation
            """, OfficeEntry.init)
    }
}
