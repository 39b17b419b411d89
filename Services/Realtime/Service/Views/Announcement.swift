import EventLoop
import JSONCoding
import WebSocket

/// An event for the clients in a room. It is encoded once, whatever the number of clients: the payload at once, the form
/// of a transport when the first client needs it.
@EventLoop
final class Announcement {
    /// The name of the event, for example `position:updated`.
    let event: String
    /// The payload as JSON.
    let payload: [UInt8]

    init(_ event: String, _ payload: some Encodable) throws {
        self.event = event
        self.payload = try JSONOutput.encode(payload)
    }

    /// As a text message of a plain WebSocket: `{"type": …, "data": …}`.
    private(set) lazy var message = EncodedMessage(
        utf8: Array("{\"type\":\"\(event)\",\"data\":".utf8) + payload + [0x7D])
}
