import Primitives
import QueueDomain
import Scheduling

/// When a queue opens and closes by itself.
struct OpeningPlanView: Codable, Sendable {
    /// The openings of a week, in order.
    let openings: [Opening]
    /// When tickets that are left are ended, on the clock of the clinic; absent if staff do that.
    let endsDayAt: MinuteOfDay?
    /// When the queue opens or closes next by itself; absent if it never does.
    let nextChangeAt: Instant?
    /// Counts the changes; `If-Match` takes the `ETag` instead.
    let version: EntityVersion

    init(_ plan: OpeningPlan, nextChange: Instant?, version: EntityVersion) {
        openings = plan.openings
        (endsDayAt, nextChangeAt, self.version) = (plan.dayEnd, nextChange, version)
    }
}

/// A period in which a queue is open, each week.
struct Opening: Codable, Hashable, Sendable {
    /// The day of the week.
    let day: WeekdayName
    /// When it opens, on the clock of the clinic.
    let opens: MinuteOfDay
    /// When it closes; up to 24:00.
    let closes: MinuteOfDay
}

/// A day of the week by its name.
enum WeekdayName: String, Codable, CaseIterable, Sendable {
    /// Monday.
    case monday
    /// Tuesday.
    case tuesday
    /// Wednesday.
    case wednesday
    /// Thursday.
    case thursday
    /// Friday.
    case friday
    /// Saturday.
    case saturday
    /// Sunday.
    case sunday

    init(_ weekday: Weekday) {
        switch weekday {
        case .monday: self = .monday
        case .tuesday: self = .tuesday
        case .wednesday: self = .wednesday
        case .thursday: self = .thursday
        case .friday: self = .friday
        case .saturday: self = .saturday
        case .sunday: self = .sunday
        }
    }

    var weekday: Weekday {
        switch self {
        case .monday: .monday
        case .tuesday: .tuesday
        case .wednesday: .wednesday
        case .thursday: .thursday
        case .friday: .friday
        case .saturday: .saturday
        case .sunday: .sunday
        }
    }
}

extension OpeningPlan {
    /// The hours as a list.
    fileprivate var openings: [Opening] {
        Weekday.allCases.flatMap { weekday in
            (week[weekday]?.intervals ?? []).map {
                Opening(day: WeekdayName(weekday), opens: $0.opens, closes: $0.closes)
            }
        }
    }
}
