import Cryptography
import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// The subcommands of `tenants`. Each returns the lines that it prints.
@EventLoop
struct TenantCommands {
    nonisolated static let usage = """
        list, create --slug S --name N --address A --time-zone Z --locale L --phone-country C [--database D] \
        [--admin-email E --admin-name N --admin-password-file F], close SLUG, reopen SLUG, remove SLUG [--now]
        """

    let service: IdentityService

    func callAsFunction(_ arguments: [String]) async throws -> [String] {
        switch arguments.first {
        case "list" where arguments.count == 1: return try await list()
        case "create": return [try await create(arguments)]
        case "close": return try await close(slug(arguments))
        case "reopen": return try await reopen(slug(arguments))
        case "remove":
            let isImmediate = arguments.last == "--now"
            return try await remove(
                slug(isImmediate ? Array(arguments.dropLast()) : arguments), isImmediate: isImmediate)
        default: throw Misuse(reason: "tenants \(Self.usage)")
        }
    }

    private func slug(_ arguments: [String]) throws -> TenantSlug {
        guard arguments.count == 2, let slug = TenantSlug(arguments[1]) else {
            throw Misuse(reason: "tenants \(arguments.first ?? "") takes the slug of a tenant")
        }
        return slug
    }

    /// A line for each tenant: its slug, its state and its name. Tenants that were removed are listed until all services have
    /// removed what they had.
    private func list() async throws -> [String] {
        var (lines, last): ([String], TenantSlug?) = ([], nil)
        repeat {
            let page = try await service.context.registry.ask(TenantRegistration.page(after: last, limit: 500))
            lines += page.map { tenant in
                let state = tenant.closedAt.map { "closed since \($0)" } ?? "open"
                return "\(tenant.profile.slug)\t\(state)\t\(tenant.profile.name)"
            }
            last = page.last?.profile.slug
        } while last != nil
        for (tenant, services) in try await service.context.registry.ask(RemovedTenant.unfinished) {
            let left = services.joined(separator: ", ")
            lines.append("\(tenant.slug)\tremoved \(tenant.removedAt), not yet by \(left)\t")
        }
        return lines
    }

    /// The slug is the key: running the command again with the same arguments has no effect.
    private func create(_ arguments: [String]) async throws -> String {
        let draft = try Options(Array(arguments.dropFirst()), values: Options.ofTenants, flags: []).tenant()
        let digest = SHA256.hash(Array(arguments.joined(separator: "\n").utf8))
        let key = IdempotencyRecord(
            scope: "command", key: draft.slug.description,
            fingerprint: service.context.platform.blindIndex.fingerprint(ofRequest: digest, tenant: .platform),
            former: digest)
        do {
            return "\(try await service.createTenant(draft, by: .operatorOnConsole, key: key).view.id)"
        } catch IdempotencyRecord.Fault.reused {
            throw Misuse(reason: "a tenant of this slug was created with other arguments")
        }
    }

    private func close(_ slug: TenantSlug) async throws -> [String] {
        try await known(slug) { try await service.closeTenant(slug, by: .operatorOnConsole) }
        let end = service.context.now + service.settings.removalDelay
        return ["closed; may be removed from \(end)"]
    }

    private func reopen(_ slug: TenantSlug) async throws -> [String] {
        try await known(slug) { try await service.closeTenant.reopen(slug, by: .operatorOnConsole) }
        return ["open"]
    }

    private func remove(_ slug: TenantSlug, isImmediate: Bool) async throws -> [String] {
        do {
            try await known(slug) {
                try await service.removeTenant(slug, isImmediate: isImmediate, by: .operatorOnConsole)
            }
        } catch RemoveTenant.Refusal.open {
            throw Misuse(reason: "\(slug) is open: close it first")
        } catch RemoveTenant.Refusal.tooEarly(let end) {
            throw Misuse(reason: "\(slug) may be removed from \(end), or with --now")
        }
        return ["removed; every service removes its data now"]
    }

    private func known(_ slug: TenantSlug, _ body: @EventLoop () async throws -> Void) async throws {
        do {
            try await body()
        } catch is NotFound {
            throw Misuse(reason: "there is no tenant \(slug)")
        }
    }
}
