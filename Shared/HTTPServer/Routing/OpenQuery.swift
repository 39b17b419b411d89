/// The query of a route that takes no parameter: any is refused.
package struct NoQuery: Codable, Sendable {
    package init() {}
}

/// A query of which parameters of other names are passed over. Clients of calendars and of public files append some, so
/// that no cache answers them. For other routes an unknown parameter is a condition that the answer would not satisfy.
package protocol OpenQuery: Decodable, Sendable {
    /// The names of the parameters that are read.
    static var parameters: Set<String> { get }
}

/// A query that consists of several, whose parameters are documented with these.
package protocol ComposedQuery: Decodable, Sendable {
    /// The types of the queries.
    static var parts: [Any.Type] { get }
}

/// The query of a route that takes no parameter and passes over any.
package struct AnyQuery: OpenQuery, Codable {
    package static var parameters: Set<String> { [] }

    package init() {}
}
