import GuichetProtocol
import Primitives

/// Something that went wrong with publication.
struct AnomalyView: Codable, Sendable {
    /// A kind of anomaly.
    enum AnomalyType: String, Codable, CaseIterable, Sendable {
        /// The cache is unavailable; searches read the database.
        case cacheAway = "cache-away"
        /// The cache is available again.
        case cacheBack = "cache-back"
        /// A publication took longer than the limit of the tenant.
        case latency
        /// An event of an appointment is missing, so its day is withheld.
        case gap
        /// The cache held something that was not written to it.
        case corruptCache = "corrupt-cache"
        /// A day differed from what Booking reports.
        case divergence
        /// A day has waited too long for its recalculation.
        case overdue = "recalculation-overdue"
    }

    /// The id of the anomaly.
    let id: AnomalyID
    /// When it was noticed.
    let at: Instant
    /// What kind of anomaly it is.
    let kind: AnomalyType
    /// The day that it concerns; absent if it concerns none.
    let day: LocalDay?
    /// The event that it concerns; absent if it concerns none.
    let eventId: EventID?
    /// A French sentence for operators.
    let detail: String
}
