import GuichetProtocol
import HTTPServer
package import IdentityDomain
package import JSONCoding
import Primitives

// Values of the domain as they stand in JSON: one text each, refused with a sentence where the domain's rule refuses it.

extension LanguageTag: Codable, SchemaDescribed {
    package init(from decoder: any Decoder) throws {
        self = try decoder.text("langue BCP 47 attendue, par exemple fr-DZ", LanguageTag.init)
    }
    package func encode(to encoder: any Encoder) throws { try encoder.write(description) }
    package static var schema: JSONSchema { .string(pattern: "^[a-z]{2,3}(-[A-Z]{2})?$") }
    package static var sample: LanguageTag { sampled(LanguageTag("fr")) }
}

extension CountryCode: Codable, SchemaDescribed {
    package init(from decoder: any Decoder) throws {
        self = try decoder.text("pays ISO 3166 en deux majuscules attendu, par exemple DZ", CountryCode.init)
    }
    package func encode(to encoder: any Encoder) throws { try encoder.write(description) }
    package static var schema: JSONSchema { .string(pattern: "^[A-Z]{2}$") }
    package static var sample: CountryCode { sampled(CountryCode("FR")) }
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

extension Decoder {
    fileprivate func text<Value>(_ expected: String, _ read: (String) -> Value?) throws -> Value {
        let container = try singleValueContainer()
        guard let value = read(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: expected)
        }
        return value
    }
}

extension Encoder {
    fileprivate func write(_ text: String) throws {
        var container = singleValueContainer()
        try container.encode(text)
    }
}

private func sampled<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("samples keep the rules") }
    return value
}
