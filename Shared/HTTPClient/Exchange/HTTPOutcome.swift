/// How a request ended. What is known and what is not known are different cases: a caller that moves money must not
/// confuse them.
package enum HTTPOutcome: Sendable {
    /// Not one byte of the request left this machine: the peer cannot have acted on it.
    case notSent(Reason)
    /// The whole answer was received. A gateway's 502 or 504 is an answer too; what it means for the peer behind it is for
    /// the caller to judge.
    case answered(HTTPResponse)
    /// The request was sent, in part at least, and no whole answer was received: the peer may or may not have acted on it.
    case unknown(Reason)

    /// Why there is no answer.
    package enum Reason: String, Sendable {
        /// The request cannot be sent as it is: its URL, scheme or a header field is refused.
        case invalidRequest = "invalid_request"
        /// As many requests as the client allows are in flight.
        case saturated
        /// The client was closed.
        case closed
        /// The name of the host could not be resolved.
        case nameResolution = "name_resolution"
        /// No connection could be made.
        case connect
        /// The TLS handshake failed, or the certificate is not valid for the host.
        case tls
        /// The deadline passed.
        case deadline
        /// The calling task was cancelled.
        case cancelled
        /// The peer closed the connection, or the network failed.
        case connectionLost = "connection_lost"
        /// The answer was not HTTP.
        case malformedAnswer = "malformed_answer"
        /// The head or the body of the answer exceeded its limit.
        case answerTooLarge = "answer_too_large"
        /// The circuit breaker is open.
        case circuitOpen = "circuit_open"
    }

    /// The answer, if there is one.
    package var response: HTTPResponse? {
        if case .answered(let response) = self { response } else { nil }
    }

    /// For metrics: `2xx`, `not_sent`, `unknown`.
    var label: String {
        switch self {
        case .notSent: "not_sent"
        case .answered(let response): "\(response.status / 100)xx"
        case .unknown: "unknown"
        }
    }
}
