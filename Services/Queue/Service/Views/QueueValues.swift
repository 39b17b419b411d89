import JSONCoding
import QueueDomain
import WaitingLine

// Values of queues as they are written in JSON.

/// None to four capital letters and digits before each number.
struct NumberPrefix: Hashable, Sendable, WireText {
    let wire: String

    init?(wire text: String) {
        guard NumberFormat(prefix: text, digits: 1) != nil else { return nil }
        wire = text
    }

    /// A prefix that was accepted when it was stored.
    init(stored text: String) { wire = text }

    static var expectation: String { "au plus quatre lettres majuscules ou chiffres attendus" }
    static var example: String { "A" }
    static var schema: JSONSchema { .string(pattern: "^[A-Z0-9]{0,4}$", minLength: 0, maxLength: 4) }
}

extension TicketPriority: Codable {}
extension VisitEnding: Codable {}
extension TicketStatus: Codable {}
extension TicketSource: Codable {}
