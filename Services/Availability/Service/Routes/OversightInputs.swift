import GuichetProtocol
import HTTPServer
import Primitives

// The queries of administrators. Only super administrators name a tenant.

struct TenantQuery: Codable, Sendable {
    let tenant: TenantSlug?
}

struct PublicationsQuery: PagedQuery, Codable {
    let tenant: TenantSlug?
    let eventId: EventID?
    let day: LocalDay?
    /// When the event was applied.
    let from: Instant?
    let to: Instant?
    let outcome: PublicationView.Outcome?
    let cursor: String?
    let limit: PageLimit?

    var filter: Journal.Filter {
        .init(eventID: eventId, day: day, from: from, to: to, outcome: outcome)
    }
}

struct AnomaliesQuery: PagedQuery, Codable {
    let tenant: TenantSlug?
    let kind: AnomalyView.AnomalyType?
    let from: Instant?
    let to: Instant?
    let cursor: String?
    let limit: PageLimit?

    var filter: Anomalies.Filter { .init(kind: kind, from: from, to: to) }
}

struct DaysQuery: PagedQuery, Codable {
    let tenant: TenantSlug?
    /// True for the days in doubt only, false for the others.
    let doubted: Bool?
    let cursor: String?
    let limit: PageLimit?
}
