/// A language tag (BCP 47), with or without a region: `fr`, `fr-DZ`.
package struct LanguageTag: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Returns nil unless `text` is two or three lower-case letters, optionally followed by a hyphen and two capitals.
    package init?(_ text: String) {
        guard text.wholeMatch(of: /[a-z]{2,3}(-[A-Z]{2})?/) != nil else { return nil }
        description = text
    }
}

/// A country, ISO 3166-1 alpha-2: `DZ`.
package struct CountryCode: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Returns nil unless `text` is two capitals.
    package init?(_ text: String) {
        guard text.wholeMatch(of: /[A-Z]{2}/) != nil else { return nil }
        description = text
    }
}
