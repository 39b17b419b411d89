package import GuichetProtocol
package import Primitives

extension Role {
    /// The roles that a user with this role may grant and revoke, and whose users they may change. Never includes a
    /// role with more rights.
    package var grants: Set<Role> {
        switch self {
        case .superAdmin: [.superAdmin]
        case .admin: [.admin, .manager, .staff, .patient, .waiter, .cashier, .display, .erp]
        case .manager: [.manager, .staff, .patient, .waiter, .cashier, .display]
        case .staff, .patient, .waiter, .cashier, .display, .erp: []
        }
    }

    /// Whether a user of that tenant may have this role: super administrators belong to the platform's own tenant, and
    /// no other user does.
    package func exists(in tenant: TenantSlug) -> Bool { (self == .superAdmin) == (tenant == .platform) }

    /// Whether a tenant needs at least one active user with this role.
    package var administers: Bool { self == .superAdmin || self == .admin }

    /// Whether a password alone is not enough to log in.
    package var needsSecondFactor: Bool { administers }
}
