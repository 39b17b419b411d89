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
