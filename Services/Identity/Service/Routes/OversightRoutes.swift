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

    var routes: [Route] {
        [
            Route(
                .get, "/.well-known/jwks.json", "Returns the public keys that verify access tokens.",
                access: .anyone, produces: "application/jwk-set+json", handler: keySet),
            Route(
                .get, "/api/audit", "Lists who accessed what in the caller's tenant, newest first.",
                access: .allow(.superAdmin, .admin), problems: [.invalidCursor], handler: audit),
        ]
    }

    private func keySet(_: Call, _: NoQuery, _: NoBody) async throws -> Reply<RawContent> {
        let content = try JSONOutput.encode(service.keys.published.keys)
        return Reply(RawContent(content), entityTag: EntityTag(digestOf: content))
            .with("cache-control", "public, max-age=60")
    }

    private func audit(_ call: Call, _ query: PageQuery, _: NoBody) async throws -> Reply<Page<AuditLineView>> {
        let (caller, limit, cursors) = (try call.caller(), query.limit ?? .standard, service.cursors)
        let purpose = "audit \(caller.tenant)"
        let before: AuditLineID? = try query.cursor.map { try cursors.key(from: $0, in: purpose) }
        let lines = try await service.readAudit(before: before, limit: limit.value + 1, by: caller)
        return Reply(try Page(lines, limit: limit) { try cursors.cursor(after: $0.id, in: purpose) }).confidential
    }
}

extension IdentityService {
    /// Seals the cursors of pages.
    var cursors: CursorCodec { context.platform.cursors }
}
