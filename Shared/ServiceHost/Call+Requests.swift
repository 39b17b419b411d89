package import Authentication
package import HTTPServer
package import Idempotency

extension Call {
    /// The network that the request came from.
    package var network: ClientNetwork { ClientNetwork(of: clientAddress) }

    /// The caller, for use cases. Throws the 401 problem where there is no token.
    package func caller() throws(Problem) -> Caller { Caller(try authenticated(), network: network) }

    /// The condition of `If-Match` or `If-None-Match` on what a request replaces. Throws the 412 problem for a
    /// combination that no route understands.
    package func precondition() throws(Problem) -> Precondition {
        switch (header("if-match"), header("if-none-match")) {
        case (nil, nil): return .unstated
        case (nil, "*"): return .absent
        case (.some, nil): return try expectedVersion().map { .version($0.version) } ?? .anyVersion
        default: throw .preconditionFailed
        }
    }

    /// The record under this request's `Idempotency-Key`, among the keys of this caller and this operation. Returns nil if
    /// the request has no key.
    package func key() throws(Problem) -> IdempotencyRecord? {
        guard let idempotency else { return nil }
        let scope = "\(try authenticated().userID) \(operation)"
        return IdempotencyRecord(
            scope: scope, key: idempotency.key, fingerprint: idempotency.fingerprint,
            former: idempotency.formerFingerprint)
    }
}
