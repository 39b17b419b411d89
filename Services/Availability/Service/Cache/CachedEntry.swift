import AvailabilityDomain
import Cryptography
import Primitives

// How an entry is written in the cache: `<version> <digest>`, a line feed, and the view, `?` for a withheld day, `-` for
// one that is not there. The digest covers everything else, the day's name included: an entry that was damaged, or that
// stands under another day's key, is none.

extension DayEntry {
    /// What the cache keeps.
    var cacheText: String { "\(version) \(Self.digest(key, version, body))\n\(body)" }

    /// Reads what the cache keeps under `key`; nil when that was not written by ``cacheText``.
    init?(cacheText bytes: [UInt8], of key: DayKey) {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let head = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
        let body = String(decoding: bytes[(end + 1)...], as: UTF8.self)
        guard head.count == 2, let version = Int(head[0]), head[1] == Self.digest(key, version, body) else {
            return nil
        }
        self.init(key: key, version: version, content: body == "?" ? .withheld : body == "-" ? .absent : .view(body))
    }

    private var body: String {
        switch content {
        case .view(let text): text
        case .withheld: "?"
        case .absent: "-"
        }
    }

    private static func digest(_ key: DayKey, _ version: Int, _ body: String) -> String {
        let digest = SHA256.hash(Array("\(key.tenant) \(key.day) \(version)\n\(body)".utf8))
        return BaseEncoding.base64URL.encode(Array(digest.prefix(12)))
    }
}
