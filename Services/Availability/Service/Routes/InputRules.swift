import AvailabilityDomain
import GuichetProtocol

// What requests keep beyond their Swift types, for the documentation.

extension OfficeInput: WireRules {
    static let rules: [String: WireRule] = ["identifiers": .maximumCount(Office.maximumIdentifiers)]
}

extension SearchQuery: WireRules { static let rules: [String: WireRule] = ["place": .length(minimum: 1, maximum: 80)] }
