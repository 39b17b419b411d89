/// A packet of Socket.IO v5 as a client sends it: `<type>[<attachments>-][<namespace>,][<ack id>][content]`.
struct SocketPacket {
    enum Kind: UInt8 {
        case connect = 0x30
        case disconnect
        case event
        case acknowledgement
        case connectError
        case binaryEvent
        case binaryAcknowledgement
    }

    /// The packet is malformed.
    struct Fault: Error {}

    /// Names that events must not have, because clients use them for what happens to a connection.
    static let reservedEvents: Set<String> = [
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
    ]
    private static let attachmentLimit = 10
    /// JavaScript counts up to it without gaps.
    private static let largestAcknowledgement = 1 << 53

    let kind: Kind
    let namespace: String
    let acknowledgement: Int?
    let attachmentCount: Int
    /// The JSON text; empty without one.
    let content: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) throws(Fault) {
        guard let kind = text.first.flatMap({ Kind(rawValue: $0) }) else { throw Fault() }
        var rest = text.dropFirst()
        attachmentCount = try Self.attachments(of: kind, &rest)
        if rest.first == UInt8(ascii: "/") {
            let name = rest.prefix { $0 != UInt8(ascii: ",") }
            guard name.count <= 128 else { throw Fault() }
            namespace = String(decoding: name, as: UTF8.self)
            rest = rest.dropFirst(name.count + 1)
        } else {
            namespace = "/"
        }
        acknowledgement = try Self.number(&rest, atMost: Self.largestAcknowledgement)
        (self.kind, content) = (kind, rest)
        try checkContent()
    }

    /// The bytes of the content and its attachments.
    func size(with attachments: [[UInt8]]) -> Int { attachments.reduce(content.count) { $0 + $1.count } }

    private static func attachments(of kind: Kind, _ rest: inout ArraySlice<UInt8>) throws(Fault) -> Int {
        guard kind == .binaryEvent || kind == .binaryAcknowledgement else { return 0 }
        guard let count = try number(&rest, atMost: attachmentLimit), rest.popFirst() == UInt8(ascii: "-") else {
            throw Fault()
        }
        return count
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, atMost limit: Int) throws(Fault) -> Int? {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard !digits.isEmpty else { return nil }
        guard digits.count <= 16, let number = Int(String(decoding: digits, as: UTF8.self)), number <= limit else {
            throw Fault()
        }
        rest = rest.dropFirst(digits.count)
        return number
    }

    private func checkContent() throws(Fault) {
        switch kind {
        case .connect:
            guard acknowledgement == nil, content.isEmpty || content.first == UInt8(ascii: "{") else { throw Fault() }
        case .disconnect: guard acknowledgement == nil, content.isEmpty else { throw Fault() }
        case .event, .binaryEvent: break
        case .acknowledgement, .binaryAcknowledgement: guard acknowledgement != nil else { throw Fault() }
        // Servers send it.
        case .connectError: throw Fault()
        }
    }
}
