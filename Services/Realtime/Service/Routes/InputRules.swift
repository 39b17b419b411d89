import GuichetProtocol

// What inputs keep beyond their Swift types, for the documentation.

extension FeedQuery: WireRules { static let rules: [String: WireRule] = ["token": .length(minimum: 1, maximum: 4096)] }
