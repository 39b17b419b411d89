import AvailabilityDomain
import JSONCoding
import Primitives

/// What a tenant has decided about its publication.
struct OfficeSettings: Codable, Sendable {
    /// Whether the public may search it.
    let isOpen: Bool
    /// The city in which the public finds it.
    let city: City
    /// The state or province of the address; absent if none is published.
    let state: StateName?
    /// The postal code of the address; absent if none is published.
    let postalCode: PostalCode?
    /// The telephone number for the public in E.164; absent if none is published.
    let phone: PhoneNumber?
    /// The address of a page where the public books; absent if there is none.
    let bookingUrl: WebAddress?
    /// What others call the office.
    let identifiers: [OfficeIdentifierView]
    /// A publication that takes longer is an anomaly.
    let latencyLimitMilliseconds: LatencyLimit
    /// Counts the decisions; `If-Match` takes the `ETag` instead.
    let version: EntityVersion

    init(_ office: Office, version: EntityVersion) {
        (isOpen, city, state, postalCode) = (office.isOpen, office.city, office.state, office.postalCode)
        (phone, bookingUrl) = (office.phone, office.bookingURL)
        identifiers = office.identifiers.map { OfficeIdentifierView($0) }
        (latencyLimitMilliseconds, self.version) = (office.latencyLimit, version)
    }
}

/// What others call an office: a value, and the system that it belongs to.
struct OfficeIdentifierView: Codable, Sendable {
    /// The system of identifiers.
    let system: IdentifierSystem
    /// The identifier within the system.
    let value: OfficeIdentifier.Value

    init(_ identifier: OfficeIdentifier) { (system, value) = (identifier.system, identifier.value) }

    var identifier: OfficeIdentifier { OfficeIdentifier(system: system, value: value) }
}

extension IdentifierSystem: WireText {
    init?(wire text: String) { self.init(text) }
    var wire: String { text }
    static var expectation: String { "URI https, http ou urn de \(maximumLength) caractères au plus attendue" }
    static var example: String { "https://sante.exemple.dz/etablissements" }
    static var schema: JSONSchema {
        .string(format: "uri", pattern: "^(https?://|urn:)[^/]", maxLength: maximumLength)
    }
}

extension LatencyLimit: Codable, SchemaDescribed {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let limit = LatencyLimit(milliseconds: try container.decode(Int.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription:
                    "durée de \(Self.bounds.lowerBound) à \(Self.bounds.upperBound) millisecondes attendue")
        }
        self = limit
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    static var schema: JSONSchema { .integer(minimum: bounds.lowerBound, maximum: bounds.upperBound) }
    static var sample: LatencyLimit { standard }
}
