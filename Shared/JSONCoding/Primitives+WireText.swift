package import Primitives

extension OneLine: WireText {
    package init?(wire text: String) { self.init(text) }
    package var wire: String { text }
    package static var expectation: String { "une ligne de 1 à \(maximum) caractères visibles attendue" }
    package static var example: String { "Texte" }
    package static var schema: JSONSchema { .string(minLength: 1, maxLength: maximum) }
}

extension EmailAddress: WireText {
    package init?(wire text: String) { self.init(text) }
    package var wire: String { text }
    package static var expectation: String { "adresse électronique attendue, par exemple amel@clinique.example" }
    package static var example: String { "amel@clinique.example" }
    package static var schema: JSONSchema { .string(format: "email", maxLength: maximumLength) }
}

extension PhoneNumber: WireText {
    package init?(wire text: String) { self.init(text) }
    package var wire: String { text }
    package static var expectation: String { "numéro E.164 attendu, par exemple +213551234567" }
    package static var example: String { "+213551234567" }
    package static var schema: JSONSchema { .string(pattern: "^\\+[1-9][0-9]{6,14}$") }
}

extension TypedPhone: WireText {
    package init?(wire text: String) { self.init(text) }
    package var wire: String { text }
    package static var expectation: String {
        "numéro de téléphone attendu, par exemple 0551 23 45 67 ou +33 6 12 34 56 78"
    }
    package static var example: String { "+213 551 23 45 67" }
    package static var schema: JSONSchema { .string(minLength: 1, maxLength: NumberingPlan.maximumLength) }
}

extension WebAddress: WireText {
    package init?(wire text: String) { self.init(text) }
    package var wire: String { text }
    package static var expectation: String {
        "adresse https:// sans utilisateur ni fragment, de \(maximumLength) caractères au plus, attendue"
    }
    package static var example: String { "https://rdv.exemple.dz" }
    package static var schema: JSONSchema {
        .string(format: "uri", pattern: "^https://[A-Za-z0-9.-]+(:[0-9]+)?([/?][^#]*)?$", maxLength: maximumLength)
    }
}

extension SecretText: WireText {
    package init?(wire text: String) { self.init(text) }
    package var wire: String { text }
    package static var expectation: String { "texte de 1 à \(maximum) caractères attendu" }
    package static var example: String { "secret" }
    package static var schema: JSONSchema { .string(minLength: 1, maxLength: maximum) }
}
