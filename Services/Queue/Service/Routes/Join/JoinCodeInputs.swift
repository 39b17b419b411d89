import GuichetProtocol
import HTTPServer
import JSONCoding
import QRCode
import QueueDomain

/// How the QR code is drawn.
struct QRQuery: Codable, Sendable {
    /// The pixels on one side of a module; 8 if absent.
    let scale: Int?
    /// The modules of the white margin; 4 if absent, as the standard asks.
    let margin: Int?

    /// The image of a code with this text.
    func image(of text: String) throws -> QRImage {
        guard let code = QRCode(text) else { throw UndrawableCode() }
        guard let image = QRImage(of: code, scale: scale ?? 8, margin: margin ?? QRImage.standardMargin) else {
            throw Problem(
                .invalidQuery,
                "Indiquez une échelle de \(QRImage.scales.lowerBound) à \(QRImage.scales.upperBound) et une marge de "
                    + "\(QRImage.margins.lowerBound) à \(QRImage.margins.upperBound).")
        }
        return image
    }
}

extension QRQuery: WireRules {
    static let rules: [String: WireRule] = [
        "scale": .bounds(minimum: QRImage.scales.lowerBound, maximum: QRImage.scales.upperBound),
        "margin": .bounds(minimum: QRImage.margins.lowerBound, maximum: QRImage.margins.upperBound),
    ]
}

/// The address of the suite is too long for a QR code, or memory is exhausted.
struct UndrawableCode: Error {}

/// How often the next tokens change.
struct JoinTokenInput: Codable, Sendable {
    /// The minutes after which the next token takes over; as before if absent, a day at first.
    let rotationMinutes: RotationMinutes?
}

/// How often a token changes, in minutes.
struct RotationMinutes: Codable, SchemaDescribed, Sendable {
    let rotation: JoinRotation

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let rotation = JoinRotation(minutes: try container.decode(Int.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription:
                    "durée de \(JoinRotation.bounds.lowerBound) à \(JoinRotation.bounds.upperBound) minutes attendue")
        }
        self.rotation = rotation
    }

    private init(_ rotation: JoinRotation) { self.rotation = rotation }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rotation.minutes)
    }

    static var schema: JSONSchema {
        .integer(minimum: JoinRotation.bounds.lowerBound, maximum: JoinRotation.bounds.upperBound)
    }
    static var sample: RotationMinutes { RotationMinutes(.standard) }
}
