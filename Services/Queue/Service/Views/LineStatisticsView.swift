import GuichetProtocol
import Primitives
import QueueDomain

/// The numbers of some tickets of a queue.
struct TicketCount: Sendable {
    /// Which tickets are counted together.
    enum Group: Hashable, Sendable {
        /// All of the period.
        case total
        /// Those that joined on a day of the clinic's calendar.
        case day(LocalDay)
        /// Those that joined in an hour of the day, on the clock of the clinic.
        case hour(Int)
        /// Those that a counter called last.
        case counter(Identifier<Counter>, CounterLabel)
    }

    let group: Group
    /// Tickets that joined.
    let arrivals: Int
    /// Tickets that were called.
    let called: Int
    /// Tickets whose visit ended.
    let finished: Int
    /// Tickets that were called last without the patient coming.
    let noShows: Int
    /// Tickets that left by themselves before a call.
    let left: Int
    /// The median time from joining to the first call, in seconds; nil if none was called.
    let medianWait: Int?
    /// The time to the first call that four of five did not exceed, in seconds.
    let slowWait: Int?
    /// The median length of a visit, in seconds; nil if none has ended.
    let medianVisit: Int?
    /// The length of a visit that four of five did not exceed, in seconds.
    let slowVisit: Int?
    /// Tickets that got an expected wait and were called.
    let estimated: Int
    /// Those of them that were called within that time.
    let keptEstimates: Int
    /// The median difference between the middle of the expected range and the wait, in seconds; nil without any.
    let medianError: Int?
}

/// Numbers of the tickets that joined a queue on some days.
struct LineStatisticsView: Codable, Sendable {
    /// The first day.
    let from: LocalDay
    /// The last day, itself included.
    let to: LocalDay
    /// All of these days.
    let total: LineNumbers
    /// Each day on which someone joined.
    let byDay: [DayNumbers]
    /// Each hour of the day in which someone joined.
    let byHour: [HourNumbers]
    /// Each counter that called someone.
    let byCounter: [CounterNumbers]

    init(_ days: ClosedRange<LocalDay>, _ all: [TicketCount]) {
        (from, to) = (days.lowerBound, days.upperBound)
        var total = LineNumbers.none
        var (byDay, byHour, byCounter): ([DayNumbers], [HourNumbers], [CounterNumbers]) = ([], [], [])
        for numbers in all {
            switch numbers.group {
            case .total: total = LineNumbers(numbers)
            case .day(let day): byDay.append(DayNumbers(day: day, numbers: LineNumbers(numbers)))
            case .hour(let hour): byHour.append(HourNumbers(hour: hour, numbers: LineNumbers(numbers)))
            case .counter(let id, let label):
                byCounter.append(CounterNumbers(counter: id, label: label, numbers: LineNumbers(numbers)))
            }
        }
        (self.total, self.byDay, self.byHour, self.byCounter) = (total, byDay, byHour, byCounter)
    }
}

/// The tickets that joined on one day.
struct DayNumbers: Codable, Sendable {
    /// The day on the calendar of the clinic.
    let day: LocalDay
    /// The numbers.
    let numbers: LineNumbers
}

/// The tickets that joined in one hour of the day, on all days.
struct HourNumbers: Codable, Sendable {
    /// The hour on the clock of the clinic.
    let hour: Int
    /// The numbers.
    let numbers: LineNumbers
}

/// The tickets that one counter called last.
struct CounterNumbers: Codable, Sendable {
    /// The counter.
    let counter: Identifier<Counter>
    /// The label of the counter.
    let label: CounterLabel
    /// The numbers.
    let numbers: LineNumbers
}

/// Numbers of some tickets.
struct LineNumbers: Codable, Sendable {
    /// The numbers of no tickets.
    static let none = LineNumbers()

    /// Tickets that joined.
    private(set) var arrivals = 0
    /// Tickets that were called.
    private(set) var called = 0
    /// Tickets whose visit ended.
    private(set) var finished = 0
    /// Tickets that were called and whose patient did not come.
    private(set) var noShows = 0
    /// Tickets that left otherwise before their visit.
    private(set) var left = 0
    /// The median time from joining to the first call; absent if none was called.
    private(set) var medianWaitSeconds: Int?
    /// The time to the first call that four of five did not exceed; absent if none was called.
    private(set) var slowWaitSeconds: Int?
    /// The median length of a visit; absent if none ended.
    private(set) var medianVisitSeconds: Int?
    /// The length of a visit that four of five did not exceed; absent if none ended.
    private(set) var slowVisitSeconds: Int?
    /// Tickets that got an expected wait and were called.
    private(set) var estimated = 0
    /// The share of these that were called within that time; absent without any. It ought to be four of
    /// five.
    private(set) var keptEstimates: Double?
    /// The median difference between the wait and the middle of the expected range; absent without any.
    private(set) var medianErrorSeconds: Int?

    private init() {}

    init(_ numbers: TicketCount) {
        (arrivals, called, finished) = (numbers.arrivals, numbers.called, numbers.finished)
        (noShows, left, estimated) = (numbers.noShows, numbers.left, numbers.estimated)
        (medianWaitSeconds, slowWaitSeconds) = (numbers.medianWait, numbers.slowWait)
        (medianVisitSeconds, slowVisitSeconds) = (numbers.medianVisit, numbers.slowVisit)
        keptEstimates = estimated == 0 ? nil : Double(numbers.keptEstimates) / Double(estimated)
        medianErrorSeconds = numbers.medianError
    }
}

extension HourNumbers: WireRules { static let rules: [String: WireRule] = ["hour": .bounds(minimum: 0, maximum: 23)] }

extension LineNumbers: WireRules {
    static let rules: [String: WireRule] = Dictionary(
        uniqueKeysWithValues: [
            "arrivals", "called", "finished", "noShows", "left", "medianWaitSeconds", "slowWaitSeconds",
            "medianVisitSeconds", "slowVisitSeconds", "estimated", "medianErrorSeconds",
        ].map { ($0, WireRule.bounds(minimum: 0, maximum: nil)) })
}
