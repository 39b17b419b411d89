package import Authentication
import GuichetProtocol
package import Runtime

/// One request as its handler sees it, beside the query and the body it asked for.
package struct Call: Sendable {
    /// The caller, as the verified token says. Nil only where the route's access is ``Access/anyone``.
    package let principal: Principal?
    /// The `Idempotency-Key` and what it stands for; nil where the route takes none or the client sent none.
    package internal(set) var idempotency: IdempotentRequest?
    /// This step of the distributed trace.
    package let trace: TraceContext
    /// The client's IP address as the gateway saw it; that of the peer if the request did not come through the gateway.
    package let clientAddress: ClientAddress
    /// The gateway's `X-Request-ID`, or the id of the trace; sent back in the answer.
    package let requestID: String
    /// The body as it was sent, for signatures over it.
    package internal(set) var body: [UInt8] = []

    /// The method; nil for one that no route of an API can have.
    package let method: HTTPMethod?
    /// Path and query as they were sent.
    package let target: String
    /// Method and template of the route, `GET /api/users/{id}`.
    package let operation: String

    let cursors: CursorCodec?
    let headers: HeaderFields
    let query: [(name: String, value: String)]
    let arguments: [String: String]

    /// The value of the first header field of this name, which is in lower case.
    package func header(_ name: String) -> String? { headers[name] }

    /// The values of all header fields of this name, which is in lower case.
    package func headers(_ name: String) -> [String] { headers.values(of: name) }

    /// The value of the first parameter of this name in the query.
    package func queryValue(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// The caller of a route that asks for a token. Throws the 401 problem where there is none.
    package func authenticated() throws(Problem) -> Principal {
        guard let principal else { throw .unauthenticated }
        return principal
    }

    /// A parameter of the path. Throws the 404 problem if the text is no `Value`. It is a programmer's error if the
    /// template does not contain the variable.
    package func path<Value>(_ variable: PathVariable<Value>) throws(Problem) -> Value {
        guard let text = arguments[variable.name] else {
            preconditionFailure("\(operation) has no parameter \(variable.name)")
        }
        guard let value = Value(pathText: text) else { throw .notFound }
        return value
    }

    /// The version that `If-Match` names, to be compared where the change is made; nil for `*`. 428 when it was not
    /// sent, 412 when it names none of our versions or several.
    package func expectedVersion() throws(Problem) -> EntityTag? {
        switch try requiredCondition() {
        case .any: return nil
        case .versions(let tags):
            guard tags.count == 1 else { throw .preconditionFailed }
            return tags[0]
        }
    }

    private func requiredCondition() throws(Problem) -> EntityTagCondition {
        guard let text = headers["if-match"] else {
            throw .preconditionRequired
        }
        return EntityTagCondition(text)
    }
}

extension Problem {
    /// 412: the resource is no longer as the client read it.
    package static var preconditionFailed: Problem {
        Problem(.preconditionFailed, "La ressource a changé depuis votre lecture : relisez-la avant de la modifier.")
    }

    /// 428: the client does not say which version it has read.
    package static var preconditionRequired: Problem {
        Problem(.preconditionRequired, "Indiquez dans If-Match la version de la ressource que vous avez lue.")
    }

    /// 401 for a request without a token.
    static var unauthenticated: Problem { unauthenticated(challenge()) }

    /// 401 for a request whose token is not valid, or no longer.
    static var invalidToken: Problem { unauthenticated(challenge("invalid_token")) }

    /// 403 for a caller whose rights do not open the route. A service account hears which scope does, if any.
    static func insufficientRights(_ rights: Rights, on access: Access) -> Problem {
        let (detail, scope) =
            switch rights {
            case .role: ("Votre rôle ne permet pas cette opération.", nil as Scope?)
            case .scopes: ("La portée de ce compte de service ne permet pas cette opération.", access.scope)
            }
        return Problem(.forbidden, detail).with("www-authenticate", challenge("insufficient_scope", scope))
    }

    private static func unauthenticated(_ challenge: String) -> Problem {
        Problem(.unauthenticated, "Connectez-vous : un jeton d’accès valide est nécessaire.")
            .with("www-authenticate", challenge)
    }

    /// The value of `WWW-Authenticate` (RFC 6750 section 3). A request without a token gets no error code.
    private static func challenge(_ error: String? = nil, _ scope: Scope? = nil) -> String {
        "Bearer realm=\"guichet\"" + (error.map { ", error=\"\($0)\"" } ?? "")
            + (scope.map { ", scope=\"\($0.rawValue)\"" } ?? "")
    }
}
