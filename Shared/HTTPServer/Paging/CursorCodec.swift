import Cryptography
import GuichetProtocol
import JSONCoding

/// Makes and reads the cursors of pages: the sort key of the last item seen, sealed so that clients can neither read a
/// meaning into them nor make their own.
package struct CursorCodec: Sendable {
    /// Half of HMAC-SHA-256: 128 bits.
    private static let sealSize = 16

    /// What the schemas say of a cursor.
    static let rule = WireRule.length(minimum: 1, maximum: 512)

    private let sign: @Sendable ([UInt8]) -> [UInt8]

    /// Seals with HMAC-SHA-256 under a key that all replicas of the service share.
    package init(key: [UInt8]) { sign = { HMAC.sha256($0, key: key) } }

    /// The cursor after `key`. `purpose` names the list and whatever else the cursor must not be carried over from: the
    /// tenant, the filters.
    package func cursor(after key: some Encodable, in purpose: String) throws -> String {
        let content = try JSONOutput.encode(key)
        return BaseEncoding.base64URL.encode(seal(content, purpose) + content)
    }

    /// The key that a cursor was made from. Throws the 400 problem when it was not made for this purpose, or not by us.
    package func key<Key: Decodable>(_ type: Key.Type = Key.self, from cursor: String, in purpose: String)
        throws(Problem) -> Key
    {
        guard let bytes = BaseEncoding.base64URL.decode(cursor), bytes.count > Self.sealSize else { throw Self.refused }
        let content = Array(bytes.dropFirst(Self.sealSize))
        guard constantTimeEquals(Array(bytes.prefix(Self.sealSize)), seal(content, purpose)) else { throw Self.refused }
        do {
            return try StrictJSON.decode(type, from: content)
        } catch {
            // Sealed by another version of this service, whose keys had another form.
            throw Self.refused
        }
    }

    private func seal(_ content: [UInt8], _ purpose: String) -> [UInt8] {
        // A purpose is text and content is JSON: neither holds NUL, so they cannot run into each other.
        Array(sign(Array(purpose.utf8) + [0] + content).prefix(Self.sealSize))
    }

    private static var refused: Problem {
        Problem(.invalidCursor, "Ce curseur n’est pas valable ici : reprenez la liste depuis le début.")
    }
}
