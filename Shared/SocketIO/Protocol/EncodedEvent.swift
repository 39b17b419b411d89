import EventLoop
import JSONCoding

/// A packet for clients, encoded once for all of them, with its attachments.
final class EncodedEvent: Sendable {
    /// Its place among the events of the namespace; 0 for what is not counted.
    let sequence: UInt64
    let time: ContinuousClock.Instant
    /// The text and its attachments.
    let packets: [EnginePacket]

    var size: Int { packets.reduce(0) { $0 + $1.size } }

    private init(_ sequence: UInt64, _ text: [UInt8], attachments: [[UInt8]]) {
        (self.sequence, self.time) = (sequence, .now)
        packets = [EnginePacket(text: text)] + attachments.map(EnginePacket.init(binary:))
    }

    /// An event.
    ///
    /// - Parameters:
    ///   - arguments: the JSON text of each argument.
    ///   - sequence: is sent as the last argument, in base 36, unless it is 0.
    convenience init(
        _ event: String, _ arguments: [[UInt8]], attachments: [[UInt8]], in namespace: String, sequence: UInt64 = 0,
        acknowledgement: Int? = nil
    ) {
        precondition(!SocketPacket.reservedEvents.contains(event), "\(event) is no name of an event")
        var text = Self.head(attachments.isEmpty ? "42" : "45\(attachments.count)-", namespace, acknowledgement)
        text += "[\(JSONText.quoted(event))".utf8
        for argument in arguments {
            text.append(UInt8(ascii: ","))
            text += argument
        }
        if sequence > 0 { text += ",\"\(String(sequence, radix: 36))\"".utf8 }
        text.append(UInt8(ascii: "]"))
        self.init(sequence, text, attachments: attachments)
    }

    /// The answer to an event.
    convenience init(acknowledging id: Int, _ arguments: [[UInt8]], attachments: [[UInt8]], in namespace: String) {
        var text = Self.head(attachments.isEmpty ? "43" : "46\(attachments.count)-", namespace, id)
        text.append(UInt8(ascii: "["))
        text += arguments.joined(separator: [UInt8(ascii: ",")])
        text.append(UInt8(ascii: "]"))
        self.init(0, text, attachments: attachments)
    }

    /// A packet about the connection itself: its type, and its content as JSON.
    convenience init(control type: Int, _ content: String = "", in namespace: String) {
        self.init(0, Self.head("4\(type)", namespace, nil) + Array(content.utf8), attachments: [])
    }

    private static func head(_ type: String, _ namespace: String, _ acknowledgement: Int?) -> [UInt8] {
        let name = namespace == "/" ? "" : "\(namespace),"
        return Array("\(type)\(name)\(acknowledgement.map(String.init) ?? "")".utf8)
    }
}

/// Pieces of JSON that are put together by hand.
enum JSONText {
    /// A text in quotes.
    static func quoted(_ text: String) -> String {
        // Encoding a string cannot fail.
        (try? JSONOutput.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
