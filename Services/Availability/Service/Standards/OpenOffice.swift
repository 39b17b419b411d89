import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// A tenant that is open to the public, as it is shown at one moment.
struct OpenOffice: Sendable {
    let profile: TenantProfile
    let decision: Office
    /// The version of ``decision``.
    let version: Int
    let bookingLink: BookingLink?
    let zone: ZoneOffsets
    /// On a whole minute, as slots start on those: what is shown is the same until the next.
    let now: Instant
    /// Today and the days after it that are shown.
    let days: ClosedRange<LocalDay>
    /// From now to the end of the last day.
    let period: TimeRange

    var tenant: TenantSlug { profile.slug }

    /// Nil when the office is not open.
    ///
    /// - Parameter dayCount: how many days are shown, today included.
    init?(_ profile: TenantProfile, _ entry: Offices.Entry, zone: ZoneOffsets, at instant: Instant, dayCount: Int) {
        guard entry.office.isOpen else { return nil }
        let now = Instant(seconds: (instant.seconds + 59) / 60 * 60)
        let today = zone.local(now).day
        let days = today...today.advanced(by: dayCount - 1)
        guard let period = TimeRange(now, zone.firstInstant(days.upperBound.advanced(by: 1), .midnight)) else {
            return nil
        }
        (self.profile, self.zone, self.now, self.days, self.period) = (profile, zone, now, days, period)
        (decision, version) = (entry.office, entry.version)
        bookingLink = entry.office.bookingURL.flatMap { BookingLink($0.text) }
    }

    /// The Mondays of the weeks that the days are in.
    var weeks: [LocalDay] {
        Array(stride(from: Self.monday(of: days.lowerBound), through: days.upperBound, by: 7))
    }

    /// The days of one of ``weeks`` that are shown; nil when it is none of them.
    func days(ofWeek monday: LocalDay) -> ClosedRange<LocalDay>? {
        guard weeks.contains(monday) else { return nil }
        return (monday...monday.advanced(by: 6)).clamped(to: days)
    }

    private static func monday(of day: LocalDay) -> LocalDay {
        day.advanced(by: Weekday.monday.rawValue - day.weekday.rawValue)
    }
}

extension AvailabilityService {
    /// The tenant if the public may see it; nil otherwise, whatever the reason.
    func openOffice(_ tenant: TenantSlug) async throws -> OpenOffice? {
        guard offices.isOpen(tenant), let entry = offices.entry(of: tenant) else { return nil }
        do {
            let store = try await platform.directory.store(for: tenant)
            return OpenOffice(
                store.tenant, entry, zone: try await calendars.zone(of: store), at: now(), dayCount: shownDays)
        } catch is TenantDirectory.Fault {
            return nil
        }
    }

    /// All tenants that the public may see.
    func openOffices() async throws -> [OpenOffice] {
        var open: [OpenOffice] = []
        for tenant in offices.open(in: nil) {
            if let office = try await openOffice(tenant) { open.append(office) }
        }
        return open
    }
}
