package import GuichetProtocol
package import Primitives

/// What to change of an account; nil leaves a property as it is.
package struct AccountChanges: Sendable {
    package var name: DisplayName?
    package var role: Role?
    package var isActive: Bool?
    /// A new password for a user who has forgotten theirs.
    package var password: String?
    /// Removes the authenticator application and the recovery codes, for a user who has lost both.
    package var resetsSecondFactor: Bool

    package init(
        name: DisplayName? = nil, role: Role? = nil, isActive: Bool? = nil, password: String? = nil,
        resetsSecondFactor: Bool = false
    ) {
        (self.name, self.role, self.isActive, self.password) = (name, role, isActive, password)
        self.resetsSecondFactor = resetsSecondFactor
    }

    /// Whether the open sessions of the user must end.
    package var endsSessions: Bool { role != nil || isActive == false || password != nil || resetsSecondFactor }

    /// Throws ``IdentityError`` if a user of `tenant` with this id and role must not make the changes.
    package func check(
        _ account: Account, changedBy user: UserID, _ role: Role, in tenant: TenantSlug
    ) throws(IdentityError) {
        let needed: Set = [account.role, self.role ?? account.role]
        guard needed.isSubset(of: role.grants), needed.allSatisfy({ $0.exists(in: tenant) }) else {
            throw .roleNotGrantable
        }
        guard account.id != user || !endsSessions else { throw .ownAccount }
    }

    /// Whether an administrator stops being one.
    package func removesAdministrator(_ account: Account) -> Bool {
        account.role.administers && (role ?? account.role != account.role || isActive == false)
    }
}
