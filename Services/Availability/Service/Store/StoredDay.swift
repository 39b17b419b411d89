import Postgres
import Primitives

/// Days that have to be updated.
struct OutdatedDays: Sendable {
    /// How many there are, up to the limit of the query.
    let count: Int
    /// Those that this transaction has locked. Another process is updating the rest; what has arrived for them since it
    /// began waits for the next update.
    let locked: [StoredDay]
}

/// A day as it is stored, locked for its update.
struct StoredDay: Sendable {
    let day: LocalDay
    let version: Int
    let view: String
    /// The version of the calendar that the view was computed by.
    let calendarVersion: Int
    /// Whether readers are shown nothing of this version.
    let isWithheld: Bool
    /// Whether nothing may be shown, as is known now.
    let isDoubted: Bool
    /// Whether the report that ends the doubt has arrived.
    let isAnswered: Bool

    /// Nil if the row was not locked.
    init?(_ row: Row) throws {
        guard let version: Int = try row.find("version") else { return nil }
        day = try Days.day(row)
        (self.version, view) = (version, try row.get("view"))
        calendarVersion = try row.get("calendar_version")
        (isWithheld, isAnswered) = (try row.get("is_withheld"), try row.get("is_answered"))
        isDoubted = try row.get("is_doubted") && !isAnswered
    }
}
