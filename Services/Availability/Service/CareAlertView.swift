import AvailabilityDomain
import Postgres
import Primitives
import Scheduling

/// What somebody waits for, as he sees it.
struct CareAlertView: Codable, Sendable {
    let id: Identifier<CareAlert>
    let careType: CareType
    /// Nil when anybody will do.
    let practitioner: Identifier<Resource>?
    let from: Instant
    let to: Instant
    let createdAt: Instant
    /// How often a slot became free.
    let raised: Int
    /// When one last did.
    let raisedAt: Instant?

    init(_ alert: CareAlert, createdAt: Instant, raised: Int = 0, raisedAt: Instant? = nil) {
        (id, careType, practitioner) = (alert.id, alert.careType, alert.practitioner)
        (from, to, self.createdAt) = (alert.window.start, alert.window.end, createdAt)
        (self.raised, self.raisedAt) = (raised, raisedAt)
    }

    /// A row of ``CareAlerts/own(_:at:)``.
    init(_ row: Row) throws {
        self.init(
            try CareAlerts.alert(row), createdAt: try row.get("created_at"), raised: try row.get("raised"),
            raisedAt: try row.find("raised_at"))
    }
}
