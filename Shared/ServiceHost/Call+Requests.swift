import Authentication
package import HTTPServer
package import Idempotency

extension Call {
    /// What the caller says to have seen of the thing to be replaced.
    package func precondition() throws(Problem) -> Precondition {
        switch (header("if-match"), header("if-none-match")) {
        case (nil, nil): return .unstated
        case (nil, "*"): return .absent
        case (.some, nil): return try expectedVersion().map { .version(Int($0.version)) } ?? .anyVersion
        // Anything else asks for what no route promises.
        default: throw .preconditionFailed
        }
    }

    /// The record under this request's key; nil when it has none.
    ///
    /// - Parameter operation: keys of different operations do not meet.
    package func key(_ operation: String) throws(Problem) -> IdempotencyRecord? {
        guard let idempotency else { return nil }
        let scope = "\(try authenticated().userID) \(operation)"
        return IdempotencyRecord(scope: scope, key: idempotency.key, fingerprint: idempotency.fingerprint)
    }
}
