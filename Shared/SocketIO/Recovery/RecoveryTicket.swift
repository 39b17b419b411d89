import Cryptography
import JSONCoding
import Primitives

/// What the client keeps, sealed, to go on later (`pid`): no one else can make one.
struct RecoveryTicket: Codable, Sendable {
    private static let identityLimit = 1024

    let id: String
    let rooms: [String]
    let identity: [UInt8]

    init(id: String, rooms: [String], identity: [UInt8]) {
        precondition(identity.count <= Self.identityLimit, "an identity has at most \(Self.identityLimit) bytes")
        (self.id, self.rooms, self.identity) = (id, rooms, identity)
    }

    func sealed(_ keys: KeyRing, in namespace: String) -> String {
        // Texts and bytes can always be encoded.
        let content = (try? JSONOutput.encode(self)) ?? []
        return BaseEncoding.base64URL.encode(keys.encrypt(content, in: Self.field(namespace)))
    }

    /// Nil if it was not sealed here.
    init?(_ sealed: String, _ keys: KeyRing, in namespace: String) {
        guard sealed.utf8.count <= 8192, let bytes = BaseEncoding.base64URL.decode(sealed),
            // What was sealed under a key that is gone begins a new session.
            let content = try? keys.decrypt(bytes, in: Self.field(namespace)),
            // So does what an earlier version has sealed in another form.
            let ticket = try? StrictJSON.decode(RecoveryTicket.self, from: content)
        else { return nil }
        self = ticket
    }

    private static func field(_ namespace: String) -> EncryptedField {
        EncryptedField(tenant: .platform, table: "socketio", column: "session", row: namespace)
    }
}

/// What a client sends to go on.
struct RecoveryRequest {
    let sealed: String
    private let offset: String?

    /// Nil if the client has nothing to go on with.
    ///
    /// - Parameter members: of the object that the client sent to connect.
    init?(_ auth: ArraySlice<UInt8>, _ members: [ArraySlice<UInt8>: Range<Int>]) {
        func text(_ name: String) -> String? {
            members[Array(name.utf8)[...]].flatMap { ReceivedContent.string(auth[$0]) }
        }
        guard let sealed = text("pid") else { return nil }
        (self.sealed, offset) = (sealed, text("offset"))
    }

    /// The last event that the client has received. Without an offset it has received none; with one that is none of ours,
    /// all that was sent counts as received.
    func missedAfter(_ session: SavedSession) -> UInt64 {
        guard let offset else { return session.connectedAt }
        guard let sequence = UInt64(offset, radix: 36), sequence <= session.endedAt else { return session.endedAt }
        return max(sequence, session.connectedAt)
    }
}
