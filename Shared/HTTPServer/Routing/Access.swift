package import GuichetProtocol

/// Who may call a route. There is no default: a route that does not say is not a route.
package enum Access: Sendable, Hashable {
    /// Everybody; a token is not looked at.
    case anyone
    /// Whoever holds a valid token with one of these roles.
    case roles(Set<Role>)

    /// Whoever holds a valid token with one of these roles.
    package static func allow(_ roles: Role...) -> Access { .roles(Set(roles)) }

    /// Whoever holds a valid token, whatever the role.
    package static var authenticated: Access { .roles(Set(Role.allCases)) }
}

/// Whether a route takes an `Idempotency-Key`.
package enum Idempotency: Sendable, Hashable {
    /// The route does nothing that must not be done twice; a key is ignored.
    case none
    /// With a key the effect happens once; without, as often as it is asked for.
    case accepted
    /// Without a key the request is refused.
    case required
}
