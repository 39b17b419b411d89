import JSONCoding
import Primitives
import Scheduling

/// A comparison with a date or an instant, as FHIR writes it: `ge2026-11-20`, `lt2026-11-20T12:00:00Z`. A date is the
/// whole day on the clinic's clock, an instant the whole second; without a prefix it is the time itself.
struct DateSearch: Sendable {
    private enum Comparison: String, CaseIterable { case eq, ge, gt, le, lt }

    private enum Value {
        case day(LocalDay)
        case second(Instant)
    }

    let wire: String
    private let comparison: Comparison
    private let value: Value

    /// The part of `range` that fits; nil if none does.
    func narrowed(_ range: TimeRange, in zone: ZoneOffsets) -> TimeRange? {
        let (start, end) = bounds(in: zone)
        return switch comparison {
        case .eq: TimeRange(max(range.start, start), min(range.end, end))
        case .ge: TimeRange(max(range.start, start), range.end)
        case .gt: TimeRange(max(range.start, end), range.end)
        case .le: TimeRange(range.start, min(range.end, end))
        case .lt: TimeRange(range.start, min(range.end, start))
        }
    }

    /// What the value means: from when until when.
    private func bounds(in zone: ZoneOffsets) -> (start: Instant, end: Instant) {
        switch value {
        case .day(let day):
            (zone.firstInstant(day, .midnight), zone.firstInstant(day.advanced(by: 1), .midnight))
        case .second(let instant): (Instant(seconds: instant.seconds), Instant(seconds: instant.seconds + 1))
        }
    }
}

extension DateSearch: PlusRestoring {
    static func restoringPlus(in text: String) -> String { Instant.restoringPlus(in: text) }
}

extension DateSearch: WireText {
    init?(wire text: String) {
        let prefix = Comparison(rawValue: String(text.prefix(2)))
        let rest = prefix == nil ? text[...] : text.dropFirst(2)
        guard let value = LocalDay(rest).map(Value.day) ?? Instant(rfc3339: rest).map(Value.second) else { return nil }
        (wire, comparison, self.value) = (text, prefix ?? .eq, value)
    }

    static var expectation: String { "date attendue, par exemple ge2026-11-20 ou lt2026-11-20T12:00:00Z" }
    static var example: String { "ge2026-11-20" }
    static var schema: JSONSchema { .string(pattern: "^(eq|ge|gt|le|lt)?[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?$") }
}
