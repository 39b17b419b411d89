import Primitives

/// The state of one day.
struct DayState: Codable, Sendable {
    let day: LocalDay
    let version: Int
    let changedAt: Instant
    /// The newest version that the cache has for certain.
    let cachedVersion: Int
    /// Why nothing of it is shown; nil while it is trusted.
    let doubt: String?
    /// Since when it has been in doubt.
    let since: Instant?
    /// How often a report was asked for, and when the next one will be.
    let attempts: Int
    let askAt: Instant?
}
