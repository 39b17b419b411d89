import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import QueueDomain

/// The screen to confirm.
struct DisplayConfirmation: Codable, Sendable {
    /// The code that the screen shows.
    let code: ShortCode
    /// The name by which staff know the display.
    let name: DisplayName
    /// The queues that it shows.
    let queues: ShownQueues
}

/// A display as it is to be.
struct DisplayInput: Codable, Sendable {
    /// The name by which staff know it.
    let name: DisplayName
    /// The queues that it shows.
    let queues: ShownQueues
}

/// The question of a screen for its token.
struct PairingQuestion: Codable, Sendable {
    /// The secret that the screen got with its code.
    let secret: SecretText<64>
}

/// The queues that one display shows: 1 to 20.
struct ShownQueues: Codable, SchemaDescribed, Sendable {
    let queues: [Identifier<Queue>]

    init?(_ queues: [Identifier<Queue>]) {
        guard 1...DisplayData.maximumQueues ~= queues.count else { return nil }
        self.queues = queues
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let list = ShownQueues(try container.decode([Identifier<Queue>].self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "1 à \(DisplayData.maximumQueues) files attendues")
        }
        self = list
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(queues)
    }

    static var schema: JSONSchema { .array(of: Identifier<Queue>.schema, maxItems: DisplayData.maximumQueues) }
    static var sample: ShownQueues {
        guard let sample = ShownQueues([.sample]) else { preconditionFailure("one queue is not too many") }
        return sample
    }
}

extension ShortCode: WireText {
    init?(wire text: String) { self.init(text) }
    var wire: String { description }
    static var expectation: String { "code de \(length) lettres et chiffres attendu, par exemple K7M2QX" }
    static var example: String { "K7M2QX" }
    static var schema: JSONSchema { .string(minLength: length, maxLength: 3 * length) }
}
