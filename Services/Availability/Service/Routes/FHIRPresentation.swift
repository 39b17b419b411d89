import HTTPServer
import JSONCoding

/// The query of a FHIR interaction: its own parameters, and those that every interaction takes.
struct FHIRQuery<Search: Decodable & Sendable>: ComposedQuery {
    static var parts: [Any.Type] { [Search.self, FHIRPresentation.self] }

    let search: Search
    let presentation: FHIRPresentation

    init(from decoder: any Decoder) throws {
        search = try Search(from: decoder)
        presentation = try FHIRPresentation(from: decoder)
    }
}

/// How a client wants an answer written. These parameters are no conditions. Those that ask for less or for another layout
/// are passed over, as the standard permits: the answer then has more than was wanted, and never anything else.
struct FHIRPresentation: Decodable, Sendable {
    /// A media type or a short name, which counts more than `Accept`; only JSON is written.
    let format: FHIRFormat?
    /// Whether people read the answer; passed over.
    let pretty: Bool?
    /// `count` for the number of matches alone; other values are passed over.
    let summary: FHIRSummary?
    /// The elements that are wanted, separated by commas; passed over.
    let elements: FHIRElements?
    /// How exactly the number of matches is wanted; it is always exact.
    let total: FHIRTotal?

    private enum CodingKeys: String, CodingKey {
        case format = "_format"
        case pretty = "_pretty"
        case summary = "_summary"
        case elements = "_elements"
        case total = "_total"
    }

    /// Whether only the number of matches is wanted.
    var isCount: Bool { summary == .count }

    /// Throws the 406 problem if the client wants a format other than JSON. `_format` counts more than `Accept`.
    func checkFormat(_ call: Call) throws(Problem) {
        let wanted = format.map { [$0] } ?? call.headers("accept").flatMap(FHIRFormat.accepted)
        guard wanted.isEmpty || wanted.contains(where: \.isJSON) else {
            throw Problem(.notAcceptable, "Ce serveur répond en JSON (\(FHIR.mediaType)).")
        }
    }
}

/// The part of each resource that a client wants, or the number of matches.
enum FHIRSummary: String, Decodable, CaseIterable, Sendable {
    case yes = "true"
    case text, data, count
    case no = "false"
}

/// How exactly a client wants to know the number of matches; it is always exact.
enum FHIRTotal: String, Decodable, CaseIterable, Sendable { case none, estimate, accurate }

/// A format that a client wants: a media type or one of FHIR's short names.
struct FHIRFormat: WireText, Hashable {
    private static let json: Set<Substring> = [
        "", "json", "application/json", "application/fhir+json", "text/json", "application/*", "*/*",
    ]

    let wire: String

    init?(wire text: String) {
        guard text.unicodeScalars.count <= 100 else { return nil }
        wire = text
    }

    /// The media types of a field `Accept` that are wanted at all.
    static func accepted(_ field: String) -> [FHIRFormat] {
        field.split(separator: ",").filter { !$0.replacing(" ", with: "").hasSuffix(";q=0") }
            .compactMap { FHIRFormat(wire: String($0)) }
    }

    /// Whether it is JSON in the version of FHIR that is spoken here.
    var isJSON: Bool {
        let parts = wire.lowercased().split(separator: ";", omittingEmptySubsequences: false).map { $0.trimmed }
        let versions = parts.dropFirst().filter { $0.hasPrefix("fhirversion=") }
        // A plus that is not escaped arrives as a blank.
        return Self.json.contains(parts.first.map { $0.replacing(" ", with: "+") } ?? "")
            && versions.allSatisfy { FHIR.version.hasPrefix($0.dropFirst("fhirversion=".count)) }
    }

    static var expectation: String { "format attendu, par exemple json" }
    static var example: String { "json" }
    static var schema: JSONSchema { .string(maxLength: 100) }
}

/// The elements that a client wants, by commas.
struct FHIRElements: WireText {
    let wire: String

    init?(wire text: String) {
        guard text.unicodeScalars.count <= 1000 else { return nil }
        wire = text
    }

    static var expectation: String { "noms d’éléments attendus, séparés par des virgules" }
    static var example: String { "start,end" }
    static var schema: JSONSchema { .string(maxLength: 1000) }
}

/// How many resources a client wants on a page. Zero asks for their number alone; a server may give fewer than wanted.
struct FHIRCount: Codable, SchemaDescribed, Sendable {
    private static let bounds = 0...1_000_000

    let value: Int

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        value = try container.decode(Int.self)
        guard Self.bounds.contains(value) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "nombre entier de 0 à \(Self.bounds.upperBound) attendu")
        }
    }

    private init(_ value: Int) { self.value = value }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    static var schema: JSONSchema { .integer(minimum: bounds.lowerBound, maximum: bounds.upperBound) }
    static var sample: FHIRCount { FHIRCount(100) }
}

extension ProblemType {
    /// The client wants a format that the route does not write.
    static let notAcceptable = ProblemType("not-acceptable", 406, "Format non disponible")
}

extension Substring {
    /// The text without blanks around it.
    fileprivate var trimmed: Substring {
        guard let first = firstIndex(where: { $0 != " " }), let last = lastIndex(where: { $0 != " " }) else {
            return ""
        }
        return self[first...last]
    }
}
