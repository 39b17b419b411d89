package import GuichetProtocol
package import Primitives

extension Role {
    /// The roles that a holder of this one may give, take away and change the holders of: never more than it has itself.
    package var grants: Set<Role> {
        switch self {
        case .superAdmin: [.superAdmin]
        case .admin: [.admin, .manager, .staff, .patient, .waiter, .cashier, .display, .erp]
        case .manager: [.manager, .staff, .patient, .waiter, .cashier, .display]
        case .staff, .patient, .waiter, .cashier, .display, .erp: []
        }
    }

    /// Whether a user of that tenant may hold this role: those of the installation itself are there and nowhere else.
    package func exists(in tenant: TenantSlug) -> Bool { (self == .superAdmin) == (tenant == .platform) }

    /// Whether a tenant needs somebody with this role who is not shut out.
    package var administers: Bool { self == .superAdmin || self == .admin }

    /// Whether a password alone is not enough.
    package var needsSecondFactor: Bool { administers }
}
