import FoundationEssentials
import JSONCoding
import Primitives
import Scheduling

/// The id of a slot, made of its properties, so that it is the same for all readers at all times:
/// `<practitioner in 32 hexadecimal digits>-<start in minutes since 1970>-<type of care>`, at most 64 characters.
struct SlotID: Hashable, Sendable {
    let practitioner: Identifier<Resource>
    let start: Instant
    let careType: CareType
}

extension SlotID: CustomStringConvertible {
    var description: String {
        "\(practitioner.description.filter { $0 != "-" })-\(start.seconds / 60)-\(careType.rawValue)"
    }

    /// Nil if `text` is not exactly what ``description`` writes.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 32, let practitioner = Self.practitioner(parts[0]),
            let minutes = Int64(parts[1]), (0..<Self.minutesOfTime).contains(minutes),
            let careType = CareType(rawValue: String(parts[2]))
        else { return nil }
        self.init(practitioner: practitioner, start: Instant(seconds: minutes * 60), careType: careType)
        guard description == text else { return nil }
    }

    /// From 1970 to the year 3000.
    private static let minutesOfTime: Int64 = 541_728_000

    private static func practitioner(_ digits: some StringProtocol) -> Identifier<Resource>? {
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.append(digit)
        }
        return Identifier(text)
    }
}

extension SlotID: Comparable {
    /// By start, then by practitioner and type of care.
    static func < (left: SlotID, right: SlotID) -> Bool {
        (left.start, left.practitioner, left.careType.rawValue)
            < (right.start, right.practitioner, right.careType.rawValue)
    }
}

extension SlotID: WireText {
    init?(wire text: String) { self.init(text) }
    var wire: String { description }
    static var expectation: String { "identifiant de créneau attendu" }
    static var example: String { "01a1faa0d37073b4821c389a0c65bf5e-29667420-consultation" }
    static var schema: JSONSchema { .string(pattern: "^[0-9a-f]{32}-[0-9]+-[a-z]+$", maxLength: 64) }
}
