import Authentication
import Cryptography
import EventLoop
import GuichetProtocol
import HTTPServer
import IdentityDomain
import JSONCoding
import Primitives
import ServiceHost

/// The token endpoint of OAuth 2.0, for service accounts.
@EventLoop
struct TokenRoutes {
    let service: IdentityService

    var routes: [Route] {
        [
            Route(
                "grantToken", .post, "/api/auth/token",
                "Exchanges the secret of a service account for an access token (RFC 6749 section 4.4).",
                access: .anyone, describedBy: .grantedToken,
                problems: [.clientInvalid, .grantTypeUnsupported, .scopeInvalid, .tooManyRequests],
                problemForm: .tokenError, handler: grant)
        ].tagged("Authentication", "Sessions, tokens, and what users do with their own accounts.")
    }

    private func grant(_ call: Call, _: NoQuery, _ body: TokenRequest) async throws -> Reply<RawContent> {
        try service.throttle.admit(call.clientAddress)
        guard body.grantType == "client_credentials" else { throw IdentityError.grantTypeUnsupported }
        let basic = try BasicCredentials(call)
        do {
            let token = try await service.grantToken(
                try claim(body, basic), by: AuditActor(network: call.network))
            return Reply(RawContent(try JSONOutput.encode(token))).with("pragma", "no-cache").confidential
        } catch IdentityError.clientInvalid where basic != nil {
            throw Problem.clientInvalid.with("www-authenticate", "Basic realm=\"guichet\", charset=\"UTF-8\"")
        }
    }

    /// Throws the 400 problem for a client that authenticates in two ways, ``IdentityError/clientInvalid`` for one that does
    /// not authenticate.
    private func claim(_ body: TokenRequest, _ basic: BasicCredentials?) throws -> GrantToken.Claim {
        if let basic {
            // The standard lets a client repeat its id beside the field.
            guard body.clientSecret == nil, body.clientID == nil || body.clientID == basic.name else {
                throw Problem(.invalidBody, "Indiquez l’identifiant et le secret d’une seule manière.")
            }
            return GrantToken.Claim(clientID: basic.name, clientSecret: basic.secret, scope: body.scope)
        }
        guard let id = body.clientID, let secret = body.clientSecret else { throw IdentityError.clientInvalid }
        return GrantToken.Claim(clientID: id, clientSecret: secret, scope: body.scope)
    }
}

/// The credentials of `Authorization: Basic` (RFC 7617), each form-encoded as RFC 6749 section 2.3.1 requires. Ids and
/// secrets of service accounts have no character that this would change.
private struct BasicCredentials {
    let name: String
    let secret: String

    /// Nil without the field. Throws ``IdentityError/clientInvalid`` for a field of another form.
    init?(_ call: Call) throws {
        let fields = call.headers("authorization")
        guard !fields.isEmpty else { return nil }
        guard fields.count == 1, fields[0].prefix(6).lowercased() == "basic ",
            let bytes = BaseEncoding.base64.decode(fields[0].dropFirst(6).prefix { $0 != "=" }),
            let text = String(validating: bytes, as: UTF8.self)
        else {
            throw Problem.clientInvalid.with("www-authenticate", "Basic realm=\"guichet\", charset=\"UTF-8\"")
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        (name, secret) = (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
    }
}

extension NamedSchema {
    fileprivate static let grantedToken = NamedSchema(
        "GrantedToken", "An access token for a program (RFC 6749 section 5.1).",
        [
            Member("access_token", .string(maxLength: 2048), "The access token for `Authorization: Bearer`."),
            Member("token_type", .enumeration(["Bearer"]), "Always `Bearer`."),
            Member("expires_in", .integer(minimum: 1, maximum: 900), "How long the token is valid, in seconds."),
            Member("scope", .string(maxLength: 1024), "What the token permits, separated by spaces."),
        ])
}
