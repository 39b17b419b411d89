import AvailabilityDomain
import JSONCoding
import Primitives

// What a tenant decides, as it is written in JSON.

struct OfficeInput: Codable, Sendable {
    /// Whether the public may search it.
    let isOpen: Bool
    let city: City
    let phone: PhoneNumber?
    let bookingUrl: BookingAddress?
    let latencyLimitMilliseconds: LatencyLimit

    var office: Office {
        Office(
            isOpen: isOpen, city: city, phone: phone, bookingURL: bookingUrl, latencyLimit: latencyLimitMilliseconds)
    }
}

extension BookingAddress: WireText {
    init?(wire text: String) { self.init(text) }
    var wire: String { text }
    static var expectation: String { "adresse https:// de \(maximumLength) caractères au plus attendue" }
    static var example: String { "https://rdv.exemple.dz" }
    static var schema: JSONSchema { .string(format: "uri", pattern: "^https://", maxLength: maximumLength) }
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
