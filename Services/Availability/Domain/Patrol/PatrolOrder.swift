package import Primitives

/// The tenants that the patrol reads next, before its round continues: those in whose entries a reader has found damage,
/// because damaged entries rarely come alone, then those that readers have just read.
package struct PatrolOrder {
    /// The most tenants of each kind; further ones wait for the round.
    package static let limit = 1000

    private var damaged: Set<TenantSlug> = []
    private var read: Set<TenantSlug> = []

    package init() {}

    /// Notes that a reader has read entries of a tenant.
    package mutating func noteReading(of tenant: TenantSlug) {
        if read.count < Self.limit { read.insert(tenant) }
    }

    /// Notes that a reader has found a damaged entry of a tenant.
    package mutating func noteDamage(of tenant: TenantSlug) {
        if damaged.count < Self.limit { damaged.insert(tenant) }
    }

    /// Removes the next tenant and returns it; nil if there is none.
    package mutating func next() -> TenantSlug? {
        guard let tenant = damaged.popFirst() else { return read.popFirst() }
        read.remove(tenant)
        return tenant
    }
}
