import GuichetProtocol
import HTTPServer
import Primitives

// What the views of administrators take. Only those who run the installation name a tenant.

struct TenantQuery: Codable, Sendable {
    let tenant: TenantSlug?
}

struct PublicationsQuery: Codable, Sendable {
    let tenant: TenantSlug?
    let eventId: EventID?
    let day: LocalDay?
    /// When the event was applied.
    let from: Instant?
    let to: Instant?
    let outcome: Journal.Outcome?
    let cursor: String?
    let limit: PageLimit?

    var filter: Oversight.PublicationFilter {
        .init(eventID: eventId, day: day, from: from, to: to, outcome: outcome)
    }
}

struct AnomaliesQuery: Codable, Sendable {
    let tenant: TenantSlug?
    let kind: Anomalies.AnomalyType?
    let from: Instant?
    let to: Instant?
    let cursor: String?
    let limit: PageLimit?

    var filter: Oversight.AnomalyFilter { .init(kind: kind, from: from, to: to) }
}

struct DaysQuery: Codable, Sendable {
    let tenant: TenantSlug?
    /// True for the days in doubt alone, false for the others.
    let doubted: Bool?
    let cursor: String?
    let limit: PageLimit?
}
