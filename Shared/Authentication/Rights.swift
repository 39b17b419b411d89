package import GuichetProtocol

/// What the bearer of a token may do.
package enum Rights: Hashable, Sendable {
    /// A person: what their role permits.
    case role(Role)
    /// A service account: what its scopes permit, and nothing else.
    case scopes(Set<Scope>)
}
