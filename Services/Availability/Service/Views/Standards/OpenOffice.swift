import AvailabilityDomain
import GuichetProtocol
import Primitives
import Scheduling

/// The days that are shown to the public from one moment on.
struct ShownPeriod: Sendable {
    let zone: ZoneOffsets
    /// On a whole minute, as slots start on whole minutes: what is shown stays the same until the next.
    let now: Instant
    /// Today and the days after it that are shown.
    let days: ClosedRange<LocalDay>
    /// From now to the end of the last day.
    let range: TimeRange

    /// - Parameter dayCount: how many days are shown, today included.
    init?(at instant: Instant, dayCount: Int, zone: ZoneOffsets) {
        now = Instant(seconds: (instant.seconds + 59) / 60 * 60)
        let today = zone.local(now).day
        days = today...today.advanced(by: dayCount - 1)
        let end = zone.firstInstant(days.upperBound.advanced(by: 1), .midnight)
        guard let range = TimeRange(now, end) else { return nil }
        (self.range, self.zone) = (range, zone)
    }
}

/// A tenant that is open to the public, as it is shown at one moment.
struct OpenOffice: Sendable {
    let profile: TenantProfile
    let decision: Office
    /// The version of ``decision``.
    let version: Int
    let bookingLink: BookingLink?
    private let shown: ShownPeriod

    init(_ profile: TenantProfile, _ decision: Office, version: Int, _ shown: ShownPeriod) {
        (self.profile, self.decision, self.version, self.shown) = (profile, decision, version, shown)
        bookingLink = decision.bookingURL.flatMap { BookingLink($0.text) }
    }

    var tenant: TenantSlug { profile.slug }
    var zone: ZoneOffsets { shown.zone }
    /// The moment at which it is shown, on a whole minute.
    var now: Instant { shown.now }
    /// The days that are shown.
    var days: ClosedRange<LocalDay> { shown.days }
    /// From now to the end of the last day.
    var period: TimeRange { shown.range }

    /// The Mondays of the weeks that the days are in.
    var weeks: [LocalDay] {
        Array(stride(from: Self.monday(of: days.lowerBound), through: days.upperBound, by: 7))
    }

    /// The days of one of ``weeks`` that are shown; nil for any other day.
    func days(ofWeek monday: LocalDay) -> ClosedRange<LocalDay>? {
        guard weeks.contains(monday) else { return nil }
        return (monday...monday.advanced(by: 6)).clamped(to: days)
    }

    private static func monday(of day: LocalDay) -> LocalDay {
        day.advanced(by: Weekday.monday.rawValue - day.weekday.rawValue)
    }
}
