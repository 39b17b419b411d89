import BookingDomain
import JSONCoding
import Primitives
import Scheduling

// Values of the calendar as they are written in JSON.

extension DurationMinutes: Codable, SchemaDescribed {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let duration = DurationMinutes(try container.decode(Int.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "durée de \(Self.bounds.lowerBound) à \(Self.bounds.upperBound) minutes")
        }
        self = duration
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(minutes)
    }

    static var schema: JSONSchema { .integer(minimum: bounds.lowerBound, maximum: bounds.upperBound) }
    static var sample: DurationMinutes {
        guard let sample = DurationMinutes(bounds.lowerBound) else { preconditionFailure("the bounds are bounds") }
        return sample
    }
}

/// `{"opens": "08:00", "closes": "12:00"}`
extension OpeningInterval: Codable, SchemaDescribed {
    private enum Field: String, CodingKey { case opens, closes }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Field.self)
        let (opens, closes) = try (
            fields.decode(MinuteOfDay.self, forKey: .opens), fields.decode(MinuteOfDay.self, forKey: .closes)
        )
        guard let interval = OpeningInterval(opens, closes) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "fin attendue après le début"))
        }
        self = interval
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        try fields.encode(opens, forKey: .opens)
        try fields.encode(closes, forKey: .closes)
    }

    static var schema: JSONSchema {
        .object(
            properties: ["opens": MinuteOfDay.schema, "closes": MinuteOfDay.schema], required: ["opens", "closes"])
    }
    static var sample: OpeningInterval {
        guard let closes = MinuteOfDay(minutes: 480), let sample = OpeningInterval(.midnight, closes) else {
            preconditionFailure("eight comes after midnight")
        }
        return sample
    }
}

/// A list of intervals in order that neither overlap nor touch; an empty one means closed.
extension DayHours: Codable, SchemaDescribed {
    private static let maximumIntervals = 12

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let intervals = try container.decode([OpeningInterval].self)
        guard intervals.count <= Self.maximumIntervals, let hours = DayHours(intervals) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\(Self.maximumIntervals) plages au plus attendues, sans chevauchement ni contact")
        }
        self = hours
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(intervals)
    }

    static var schema: JSONSchema { .array(of: OpeningInterval.schema, maxItems: maximumIntervals) }
    static func schema(in catalog: SchemaCatalog) -> JSONSchema {
        .array(of: catalog.schema(of: OpeningInterval.self), maxItems: maximumIntervals)
    }
    static var sample: DayHours { .closed }
}

/// The hours of a week on the clock of the clinic; a day that is absent is closed.
struct WeeklyHours: Codable, Hashable, Sendable {
    /// The hours of the day; absent when it is closed.
    let monday, tuesday, wednesday, thursday, friday, saturday, sunday: DayHours?

    init(_ days: [Weekday: DayHours]) {
        (monday, tuesday, wednesday) = (days[.monday], days[.tuesday], days[.wednesday])
        (thursday, friday, saturday, sunday) = (days[.thursday], days[.friday], days[.saturday], days[.sunday])
    }

    /// The days with hours.
    var days: [(Weekday, DayHours)] {
        zip(Weekday.allCases, [monday, tuesday, wednesday, thursday, friday, saturday, sunday])
            .compactMap { weekday, hours in hours.map { (weekday, $0) } }
    }
}
