import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import ServiceHost

/// What lets others check Identity: its public keys, and the trail of accesses.
@EventLoop
struct OversightRoutes {
    let app: IdentityApp

    var routes: [Route] {
        [
            Route(
                .get, "/.well-known/jwks.json", "Publishes the keys that access tokens are verified with.",
                access: .anyone, produces: "application/jwk-set+json", handler: keySet),
            Route(
                .get, "/api/audit", "Lists who accessed what in the caller's tenant, latest first.",
                access: .allow(.superAdmin, .admin), problems: [.invalidCursor], handler: audit),
        ]
    }

    private func keySet(_: Call, _: NoQuery, _: NoBody) async throws -> Reply<RawContent> {
        let (keys, version) = app.keys.published
        return Reply(RawContent(try JSONOutput.encode(keys)), entityTag: EntityTag(version: version))
            .with("cache-control", "public, max-age=60")
    }

    private func audit(_ call: Call, _ query: PageQuery, _: NoBody) async throws -> Reply<Page<AuditLine>> {
        let (caller, limit) = (try call.caller(), query.limit ?? .standard)
        let purpose = "audit \(caller.tenant)"
        let before: AuditLineID? = try query.cursor.map { try app.cursors.key(from: $0, in: purpose) }
        let lines = try await app.auditTrail.lines(before: before, limit: limit.value + 1, by: caller)
        return Reply(try Page(lines, limit: limit) { try app.cursors.cursor(after: $0.id, in: purpose) }).confidential
    }
}
