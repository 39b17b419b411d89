import BookingDomain
import JSONCoding
import Primitives
import Scheduling

// Domain values as they are written in JSON. What they accept is decided by the domain alone.

/// A domain value that is one text on the wire.
protocol WireText: Codable, SchemaDescribed, Sendable {
    init?(wire text: String)
    var wire: String { get }
    /// What is wrong with a text that is no such value, in French.
    static var expectation: String { get }
}

extension WireText {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Self(wire: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: Self.expectation)
        }
        self = value
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wire)
    }

    static var sample: Self {
        guard let sample = ["Amina", "a@exemple.dz"].lazy.compactMap(Self.init(wire:)).first
        else {
            preconditionFailure("\(Self.self) needs a sample")
        }
        return sample
    }
}

extension StrictAction: Codable {}
extension Consent.Purpose: Codable {}

extension PatientName: WireText {
    init?(wire text: String) { self.init(text) }
    var wire: String { text }
    static var expectation: String { "nom de 1 à 120 caractères attendu" }
    static var schema: JSONSchema { .string(minLength: 1, maxLength: 120) }
}

extension EmailAddress: WireText {
    init?(wire text: String) { self.init(text) }
    var wire: String { text }
    static var expectation: String { "adresse électronique attendue" }
    static var schema: JSONSchema { .string(format: "email", maxLength: 254) }
}

extension Reason: WireText {
    init?(wire text: String) { self.init(text) }
    var wire: String { text }
    static var expectation: String { "motif de 1 à 500 caractères sur une ligne attendu" }
    static var schema: JSONSchema { .string(minLength: 1, maxLength: 500) }
}

/// A patient as a request names one.
struct PatientInput: Codable, Sendable {
    let name: PatientName
    /// E.164; which numbers are accepted is the tenant's rule.
    let phone: String
    let email: EmailAddress?

    /// Throws ``InvalidInput`` when the telephone breaks the rule.
    func contact(_ rule: PhoneRule, at pointer: String) throws(InvalidInput) -> PatientContact {
        PatientContact(name: name, phone: try rule.number(phone, at: pointer), email: email)
    }
}

extension PhoneRule {
    /// The number, or the fault at `pointer`.
    func number(_ text: String, at pointer: String) throws(InvalidInput) -> PhoneNumber {
        guard let number = PhoneNumber(text, self) else {
            throw InvalidInput(faults: [
                .init(pointer: pointer, detail: "numéro de téléphone attendu sous la forme \(pattern)")
            ])
        }
        return number
    }
}
