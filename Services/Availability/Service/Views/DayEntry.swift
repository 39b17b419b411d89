import AvailabilityDomain
import Primitives

/// Names one day of one tenant.
struct DayKey: Hashable, Sendable {
    let tenant: TenantSlug
    let day: LocalDay
}

/// What readers are shown of a day, in one version.
struct DayEntry: Hashable, Sendable {
    enum Content: Hashable, Sendable {
        /// The text of a ``DayView``.
        case view(String)
        /// The day is in doubt: nothing of it may be shown.
        case withheld
        /// The tenant has no such day: it is past, or beyond the horizon.
        case absent
    }

    let key: DayKey
    /// 0 for a day that does not exist.
    let version: Int
    let content: Content
}
