import GuichetProtocol
import HTTPServer
package import IdentityDomain
package import JSONCoding
import Primitives

extension LanguageTag: WireText {
    package init?(wire text: String) { self.init(text) }
    package var wire: String { description }
    package static var expectation: String { "langue BCP 47 attendue, par exemple fr-DZ" }
    package static var example: String { "fr" }
    package static var schema: JSONSchema { .string(pattern: "^[a-z]{2,3}(-[A-Z]{2})?$") }
}

extension CountryCode: WireText {
    package init?(wire text: String) { self.init(text) }
    package var wire: String { description }
    package static var expectation: String { "pays ISO 3166 en deux majuscules attendu, par exemple DZ" }
    package static var example: String { "FR" }
    package static var schema: JSONSchema { .string(pattern: "^[A-Z]{2}$") }
}

extension WebOrigin: WireText {
    package init?(wire text: String) { self.init(text) }
    package var wire: String { description }
    package static var expectation: String { "origine https attendue, par exemple https://clinique.example" }
    package static var example: String { "https://clinique.example" }
    package static var schema: JSONSchema {
        .string(
            pattern: "^(https://[a-z0-9-]+(\\.[a-z0-9-]+)*|http://(localhost|127\\.0\\.0\\.1))(:[1-9][0-9]{0,4})?$",
            maxLength: maximumLength)
    }
}

/// A list of at most so many elements, which have a form of their own on the wire.
package protocol BoundedList: Codable, SchemaDescribed {
    associatedtype Element: WireText
    static var maximumCount: Int { get }
    /// What was expected, for the answer to another list.
    static var expectation: String { get }
    var elements: [Element] { get }
    init?(_ elements: [Element])
}

extension BoundedList {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let list = Self(try container.decode([Element].self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: Self.expectation)
        }
        self = list
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(elements)
    }

    package static var schema: JSONSchema { .array(of: Element.schema, maxItems: maximumCount) }
}

extension AllowedOrigins: BoundedList {
    package var elements: [WebOrigin] { origins }
    package static var expectation: String { "\(maximumCount) origines au plus attendues" }
    package static var sample: AllowedOrigins { AllowedOrigins([.sample]) ?? .none }
}

extension SubscriberName: WireText {
    package init?(wire text: String) { self.init(text) }
    package var wire: String { description }
    package static var expectation: String { "nom attendu : lettres minuscules, chiffres et tirets, 40 au plus" }
    package static var example: String { "rappels" }
    package static var schema: JSONSchema {
        .string(pattern: "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", maxLength: maximumLength)
    }
}

extension EventSelection: WireText {
    package init?(wire text: String) { self.init(text) }
    package var wire: String { description }
    package static var expectation: String {
        "événement attendu, par exemple guichet.booking.appointment ou guichet.booking.appointment.confirmed.v1"
    }
    package static var example: String { "guichet.booking.appointment" }
    package static var schema: JSONSchema {
        .string(pattern: "^guichet\\.[a-z-]+\\.[a-z-]+(\\.[a-z-]+\\.v[0-9]+)?$", maxLength: maximumLength)
    }
}

extension EventSelections: BoundedList {
    package var elements: [EventSelection] { selections }
    package static var expectation: String { "1 à \(maximumCount) événements attendus" }
    package static var sample: EventSelections {
        guard let sample = EventSelections([.sample]) else { preconditionFailure("one selection is not too many") }
        return sample
    }
}

extension TenantName: PathParameter {
    init?(pathText text: String) {
        if let id = TenantID(text) {
            self = .id(id)
        } else if let slug = TenantSlug(text) {
            self = .slug(slug)
        } else {
            return nil
        }
    }

    static var schema: JSONSchema { .string(minLength: 1, maxLength: TenantSlug.maximumLength) }
}
