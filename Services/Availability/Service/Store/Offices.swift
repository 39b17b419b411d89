import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// What every tenant has decided about its publication. The decisions are stored in the service's own schema; each
/// process keeps a copy and follows the changes.
@EventLoop
final class Offices {
    private let context: ServiceContext
    private var entries: [TenantSlug: (entry: OfficeEntry, owner: TenantID?)] = [:]
    private var lastChange = Instant(seconds: 0)

    init(_ context: ServiceContext) { self.context = context }

    /// The tenant's decision; nil if it has made none, or is closed or removed.
    func entry(of tenant: TenantSlug) -> OfficeEntry? {
        let directory = context.platform.directory
        guard let known = entries[tenant], !directory.hasEnded(tenant) else { return nil }
        // Not what a tenant decided that had the name before.
        return known.owner == nil || known.owner == directory.id(of: tenant) ? known.entry : nil
    }

    /// Whether the public may search the tenant.
    func isOpen(_ tenant: TenantSlug) -> Bool { entry(of: tenant)?.office.isOpen ?? false }

    func latencyLimit(of tenant: TenantSlug) -> LatencyLimit {
        entry(of: tenant)?.office.latencyLimit ?? .standard
    }

    /// The tenants that are open to the public, in a city if one is named, with or without its accents and hyphens.
    func open(in city: String?) -> [TenantSlug] {
        let wanted = city.map(TextFolding.words)
        return entries.keys.compactMap { entry(of: $0) }.filter { entry in
            entry.office.isOpen && (wanted.map(entry.isIn) ?? true)
        }
        .map(\.tenant).sorted()
    }

    /// The tenant itself, open or not, if it is in this city.
    func own(_ tenant: TenantSlug, in city: String) -> [TenantSlug] {
        entry(of: tenant).map { $0.isIn(TextFolding.words(city)) ? [tenant] : [] } ?? []
    }

    /// Reads what has changed since the last time.
    func reload() async throws {
        // Transactions do not commit in the order of their timestamps: read a little more than what is new.
        let changed = try await context.registry.inBackground.ask(OfficeRows.changed(after: lastChange - .seconds(10)))
        for entry in changed {
            update(entry)
            lastChange = max(lastChange, entry.updatedAt)
        }
    }

    /// Takes over a decision that was just made.
    func update(_ entry: OfficeEntry) {
        entries[entry.tenant] = (entry, context.platform.directory.id(of: entry.tenant))
    }
}
