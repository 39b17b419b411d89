import GuichetProtocol

// What requests keep beyond their Swift types, for the documentation.

extension SearchQuery: WireRules { static let rules: [String: WireRule] = ["place": .length(minimum: 1, maximum: 80)] }
