import GuichetProtocol
import Primitives

/// Something that went wrong with publication.
struct AnomalyView: Codable, Sendable {
    enum AnomalyType: String, Codable, CaseIterable, Sendable {
        case cacheAway = "cache-away"
        case cacheBack = "cache-back"
        case latency
        case gap
        case corruptCache = "corrupt-cache"
        case divergence
        case overdue = "recalculation-overdue"
    }

    let id: AnomalyID
    let at: Instant
    let kind: AnomalyType
    let day: LocalDay?
    let eventId: EventID?
    let detail: String
}
