/// A language as BCP 47 writes it, with or without a region: `fr`, `fr-DZ`.
package struct LanguageTag: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Nil for anything but two or three lower-case letters, perhaps followed by a hyphen and two capitals.
    package init?(_ text: String) {
        guard text.wholeMatch(of: /[a-z]{2,3}(-[A-Z]{2})?/) != nil else { return nil }
        description = text
    }
}

/// A country, ISO 3166-1 alpha-2: `DZ`.
package struct CountryCode: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Nil for anything but two capitals.
    package init?(_ text: String) {
        guard text.wholeMatch(of: /[A-Z]{2}/) != nil else { return nil }
        description = text
    }
}
