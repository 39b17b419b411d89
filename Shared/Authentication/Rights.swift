package import GuichetProtocol

/// What the bearer of a token may do.
package enum Rights: Hashable, Sendable {
    /// A person: what their role permits.
    case role(Role)
    /// A service account: what its scopes permit, and nothing else.
    case scopes(Set<Scope>)

    /// The role of a person; nil for service accounts.
    package var role: Role? {
        guard case .role(let role) = self else { return nil }
        return role
    }
}
