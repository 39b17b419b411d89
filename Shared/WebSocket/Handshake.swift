import Cryptography
import HTTPServer

/// The opening handshake (RFC 6455 section 4.2).
struct Handshake {
    /// The value of `Sec-WebSocket-Accept`.
    let accept: String
    let subprotocol: String?
    /// The value of `Sec-WebSocket-Extensions`: permessage-deflate, if it was offered and is granted.
    let compression: String?

    /// Throws 426 when the request asks for no WebSocket of version 13, 400 when it is malformed.
    init(_ call: Call, subprotocols: [String], compresses: Bool) throws(Problem) {
        guard Self.tokens(of: "upgrade", call).contains("websocket"),
            Self.tokens(of: "connection", call).contains("upgrade"), call.header("sec-websocket-version") == "13"
        else { throw .upgradeRequired }
        let keys = call.headers("sec-websocket-key")
        guard keys.count == 1, let key = keys.first, key.hasSuffix("=="),
            BaseEncoding.base64.decode(key.dropLast(2))?.count == 16
        else {
            throw Problem(.malformedRequest, "Sec-WebSocket-Key manque ou est incorrect.")
        }
        let digest = SHA1.hash(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        // 20 bytes want one character of padding.
        accept = BaseEncoding.base64.encode(digest) + "="
        let offered = Self.list(call.headers("sec-websocket-protocol"))
        subprotocol = subprotocols.first { offered.contains($0) }
        compression = compresses ? DeflateOffer.answer(to: Self.list(call.headers("sec-websocket-extensions"))) : nil
    }

    /// The fields of the answer.
    var headers: HeaderFields {
        var headers: HeaderFields = ["sec-websocket-accept": accept]
        if let subprotocol { headers.add("sec-websocket-protocol", subprotocol) }
        if let compression { headers.add("sec-websocket-extensions", compression) }
        return headers
    }

    private static func tokens(of name: String, _ call: Call) -> [String] {
        list(call.headers(name)).map { $0.lowercased() }
    }

    private static func list(_ values: [String]) -> [String] {
        values.flatMap { $0.split(separator: ",") }.map { $0.trimmingBlanks() }
    }
}

extension Problem {
    fileprivate static var upgradeRequired: Problem {
        Problem(.upgradeRequired, "Cette adresse attend une connexion WebSocket, version 13.")
            .with("upgrade", "websocket").with("sec-websocket-version", "13")
    }
}
