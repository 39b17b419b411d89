import JSONCoding

/// A value that a search can select.
protocol SearchValue: Hashable, Sendable {
    init?(searchText: Substring)
    /// What is expected, in French.
    static var expectation: String { get }
}

/// A search parameter with one value or several, by commas: what matches any of them matches.
struct AnyOf<Value: SearchValue>: Decodable, Sendable, SchemaDescribed {
    private let values: Set<Value>

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let parts = try container.decode(String.self).split(separator: ",", omittingEmptySubsequences: false)
        let values = parts.compactMap(Value.init(searchText:))
        guard values.count == parts.count else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: Value.expectation)
        }
        self.values = Set(values)
    }

    private init() { values = [] }

    func contains(_ value: Value) -> Bool { values.contains(value) }

    static var schema: JSONSchema { .string(minLength: 1, maxLength: 256) }
    static var sample: AnyOf { AnyOf() }
}

extension FHIR.Slot.Status: SearchValue {
    init?(searchText text: Substring) { self.init(rawValue: String(text)) }

    static var expectation: String { "free ou busy attendu" }
}
