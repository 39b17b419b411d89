import Primitives

/// The state of one day.
struct DayState: Codable, Sendable {
    /// The day on the calendar of the tenant.
    let day: LocalDay
    /// Counts the changes of what readers see of the day.
    let version: Int
    /// When that last changed.
    let changedAt: Instant
    /// The newest version that the cache has for certain.
    let cachedVersion: Int
    /// Why nothing of it is shown; absent while it is trusted.
    let doubt: String?
    /// Since when it has been in doubt; absent while it is trusted.
    let since: Instant?
    /// How often a report was asked for.
    let attempts: Int
    /// When the next report will be asked for; absent while none is needed.
    let askAt: Instant?
}
