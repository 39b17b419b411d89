import AvailabilityDomain
import Cryptography
import Primitives

// An entry in the cache is `<version> <digest>`, a line feed, and the view, `?` for a withheld day or `-` for a day
// that does not exist. The digest covers everything else, and the name of the day: an entry that was damaged, or that
// is stored under the key of another day, is not read.

extension DayEntry {
    /// The text that is stored in the cache.
    var cacheText: String { "\(version) \(Self.digest(key, version, body))\n\(body)" }

    /// Reads the text stored under `key`; nil if it was not written by ``cacheText``.
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
