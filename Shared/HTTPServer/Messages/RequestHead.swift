import Authentication
import Cryptography

/// The head of a request: everything before its body.
struct RequestHead: Sendable {
    /// Nil for a method that no route can have.
    let method: HTTPMethod?
    /// Path and query as they were sent.
    let target: String
    let headers: HeaderFields
    /// The other end of the connection, which is the gateway as a rule.
    let peerAddress: ClientAddress

    /// The length that the client announced; nil without a body or for one in chunks.
    let contentLength: Int?
    let hasBody: Bool

    /// The address of the client: the last hop of `X-Forwarded-For` if the gateway sent the request, which it proves by its
    /// secret, and the peer otherwise. The client may have written the hops before.
    func clientAddress(behind gateway: GatewaySecret?) -> ClientAddress {
        guard let gateway, gateway.matches(headers["x-gateway-secret"]),
            let last = headers.values(of: "x-forwarded-for").last?.split(separator: ",").last
        else { return peerAddress }
        return ClientAddress(String(last.trimmingSpaces())) ?? peerAddress
    }

    /// The gateway's `X-Request-ID`: at most 64 letters, digits, hyphens and underscores.
    var requestID: String? {
        guard let id = headers["x-request-id"], (1...64).contains(id.utf8.count),
            id.utf8.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            })
        else { return nil }
        return id
    }

    /// The token of `Authorization: Bearer`; nil when there is none, or more than one field.
    var bearerToken: String? {
        let fields = headers.values(of: "authorization")
        guard fields.count == 1, fields[0].utf8.count > 7, fields[0].prefix(7).lowercased() == "bearer " else {
            return nil
        }
        return String(fields[0].dropFirst(7))
    }

    /// Whether the body is of this media type, which is in lower case, and in UTF-8: a `charset` may only say so.
    func has(_ mediaType: String) -> Bool {
        guard let parts = headers["content-type"]?.split(separator: ";", omittingEmptySubsequences: false),
            parts[0].trimmingSpaces().lowercased() == mediaType
        else { return false }
        return parts.dropFirst().allSatisfy { part in
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair[0].trimmingSpaces().lowercased() == "charset" else { return true }
            guard pair.count == 2 else { return false }
            return ["utf-8", "\"utf-8\""].contains(pair[1].trimmingSpaces().lowercased())
        }
    }
}

extension Substring {
    func trimmingSpaces() -> Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
