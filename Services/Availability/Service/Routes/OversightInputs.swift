import GuichetProtocol
import HTTPServer
import Primitives

// The queries of administrators. Only super administrators name a tenant.

struct TenantQuery: Codable, Sendable {
    /// The slug of the tenant; only super administrators name one.
    let tenant: TenantSlug?
}

struct PublicationsQuery: PagedQuery, Codable {
    /// The slug of the tenant; only super administrators name one.
    let tenant: TenantSlug?
    /// Only the effects of this event.
    let eventId: EventID?
    /// Only effects on this day.
    let day: LocalDay?
    /// Only effects that were stored at this instant or later.
    let from: Instant?
    /// Only effects that were stored before this instant.
    let to: Instant?
    /// Only effects with this outcome.
    let outcome: PublicationView.Outcome?
    /// The `next` of the previous page; absent for the first page.
    let cursor: String?
    /// The most items on a page; 20 if absent.
    let limit: PageLimit?

    var filter: Journal.Filter {
        .init(eventID: eventId, day: day, from: from, to: to, outcome: outcome)
    }
}

struct AnomaliesQuery: PagedQuery, Codable {
    /// The slug of the tenant; super administrators that name none see the whole installation.
    let tenant: TenantSlug?
    /// Only anomalies of this kind.
    let kind: AnomalyView.AnomalyType?
    /// Only anomalies from this instant on.
    let from: Instant?
    /// Only anomalies before this instant.
    let to: Instant?
    /// The `next` of the previous page; absent for the first page.
    let cursor: String?
    /// The most items on a page; 20 if absent.
    let limit: PageLimit?

    var filter: Anomalies.Filter { .init(kind: kind, from: from, to: to) }
}

struct DaysQuery: PagedQuery, Codable {
    /// The slug of the tenant; only super administrators name one.
    let tenant: TenantSlug?
    /// True for the days in doubt only, false for the others; absent for all.
    let doubted: Bool?
    /// The `next` of the previous page; absent for the first page.
    let cursor: String?
    /// The most items on a page; 20 if absent.
    let limit: PageLimit?
}
