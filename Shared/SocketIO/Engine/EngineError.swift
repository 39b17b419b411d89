import HTTPServer
import JSONCoding

/// Why a request is refused, as Engine.IO numbers it.
enum EngineError: Error {
    case unknownTransport
    case unknownSession
    case badHandshakeMethod
    case badRequest
    case forbidden
    case unsupportedVersion
    /// A limit is reached or the server drains; the client tries again later.
    case busy

    private var code: Int {
        switch self {
        case .unknownTransport: 0
        case .unknownSession: 1
        case .badHandshakeMethod: 2
        case .badRequest, .busy: 3
        case .forbidden: 4
        case .unsupportedVersion: 5
        }
    }

    private var message: String {
        switch self {
        case .unknownTransport: "Transport unknown"
        case .unknownSession: "Session ID unknown"
        case .badHandshakeMethod: "Bad handshake method"
        case .badRequest: "Bad request"
        case .forbidden: "Forbidden"
        case .unsupportedVersion: "Unsupported protocol version"
        case .busy: "Too many connections"
        }
    }

    private var status: HTTPStatus {
        switch self {
        case .forbidden: 403
        case .busy: 503
        default: 400
        }
    }

    var reply: ForeignReply {
        ForeignReply(status, "application/json", Array(#"{"code":\#(code),"message":"\#(message)"}"#.utf8))
    }
}
