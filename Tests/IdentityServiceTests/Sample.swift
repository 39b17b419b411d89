import GuichetProtocol
import IdentityDomain
import Primitives
import Testing

/// Request bodies and credentials of the tests.
enum Sample {
    static let rootEmail = "root@guichet.example"
    static let password = "tasse-nuage-42-vélo"

    static func root() throws -> UserDraft {
        UserDraft(
            email: try #require(EmailAddress(rootEmail)), name: try #require(DisplayName("Racine")), role: .superAdmin,
            password: password)
    }

    static func tenant(_ slug: TenantSlug, admin: String? = nil) -> [String: JSONText] {
        var body: [String: JSONText] = [
            "slug": .text(slug.description), "name": "Clinique dentaire", "address": "Cité 109, El Achour, Alger",
            "timeZone": "Africa/Algiers", "locale": "fr-DZ", "phoneCountry": "DZ",
        ]
        if let admin { body["admin"] = .object(["email": admin, "name": "Amel K.", "password": password]) }
        return body
    }

    static func user(_ name: String, _ role: Role) -> [String: String] {
        ["email": "\(name)@people.example", "name": "Personne \(name)", "role": role.rawValue, "password": password]
    }
}

/// A text or an object of texts.
enum JSONText: Encodable, ExpressibleByStringLiteral {
    case text(String)
    case object([String: String])

    init(stringLiteral text: String) { self = .text(text) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .object(let object): try container.encode(object)
        }
    }
}
