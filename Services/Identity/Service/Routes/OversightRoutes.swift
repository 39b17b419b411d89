import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import ServiceHost
import Tenancy

/// The public signing keys and the audit of accesses.
@EventLoop
struct OversightRoutes {
    let service: IdentityService

    var routes: [Route] { keySetRoutes + auditRoutes }

    private var keySetRoutes: [Route] {
        [
            Route(
                "readKeySet", .get, "/.well-known/jwks.json", "Returns the public keys that verify access tokens.",
                access: .anyone, produces: "application/jwk-set+json", describedBy: .keySet, sends: [.entityTag],
                handler: keySet),
            Route(
                "readServerMetadata", .get, "/.well-known/oauth-authorization-server",
                "Returns what a program must know to get access tokens and to verify them (RFC 8414).", access: .anyone,
                describedBy: .serverMetadata, handler: metadata),
        ].tagged("Keys", "The keys that verify access tokens.")
    }

    private var auditRoutes: [Route] {
        [
            Route(
                "listAuditLines", .get, "/api/audit", "Lists who accessed what in the caller's tenant, newest first.",
                access: .allow(.superAdmin, .admin).or(.auditRead), handler: audit)
        ].tagged("Audit", "Who accessed what.")
    }

    private func keySet(_: Call, _: NoQuery, _: NoBody) async throws -> Reply<RawContent> {
        let content = try JSONOutput.encode(service.keys.published.keys)
        return Reply(RawContent(content), entityTag: EntityTag(digestOf: content))
            .with("cache-control", "public, max-age=60")
    }

    private func metadata(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<RawContent> {
        let address = try service.context.publicAddress(of: call)
        let metadata = ServerMetadata(
            issuer: service.context.platform.tokenIssuer, keySetAddress: address.url("/.well-known/jwks.json"),
            tokenAddress: address.url("/api/auth/token"))
        return Reply(RawContent(try JSONOutput.encode(metadata)))
    }

    private func audit(_ call: Call, _ query: PageQuery, _: NoBody) async throws -> Reply<Page<AuditLineView>> {
        let caller = try call.caller()
        let page = try await call.page(query, of: "audit", by: \.id) { before, count in
            try await service.readAudit(before: before, limit: count, by: caller)
        }
        return Reply(page).confidential
    }
}

extension NamedSchema {
    fileprivate static let keySet = NamedSchema(
        "JSONWebKeySet", "A set of public keys (RFC 7517), each an ES256 key with `kid`, `x` and `y`.",
        [
            Member(
                "keys", .array(of: .map(of: .string()), maxItems: 16),
                "Every key that a valid token may be signed with, retired ones included.")
        ])

    fileprivate static let serverMetadata = NamedSchema(
        "ServerMetadata", "What programs must know to get access tokens, and to verify them (RFC 8414).",
        [
            Member("issuer", .string(), "The `iss` of every token."),
            Member("jwks_uri", .string(format: "uri"), "The address of the public keys."),
            Member("token_endpoint", .string(format: "uri"), "Where service accounts get access tokens."),
            Member(
                "token_endpoint_auth_methods_supported", .array(of: .string(), maxItems: 4),
                "How they authenticate there."),
            Member(
                "scopes_supported", .array(of: .string(), maxItems: Scope.allCases.count),
                "Every scope of service accounts."),
            Member(
                "response_types_supported", .array(of: .string(), maxItems: 4),
                "Empty: there is no authorization endpoint."),
            Member(
                "grant_types_supported", .array(of: .string(), maxItems: 4),
                "The grants of OAuth 2.0 that are available."),
        ])
}
