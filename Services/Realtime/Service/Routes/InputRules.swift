import GuichetProtocol

// What inputs keep beyond their Swift types, for the documentation.

extension FeedQuery: WireRules { static let rules: [String: WireRule] = ["token": .length(minimum: 1, maximum: 4096)] }

extension StreamQuery: WireRules {
    static let rules: [String: WireRule] = [
        "room": .maximumCount(maximumRooms), "token": .length(minimum: 1, maximum: 4096),
    ]
}
