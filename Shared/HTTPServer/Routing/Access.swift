import Authentication
package import GuichetProtocol

/// Who may call a route. There is no default: each route states it.
package enum Access: Sendable, Hashable {
    /// Any client; a token is ignored.
    case anyone
    /// Callers with a valid token: persons with one of these roles, and service accounts with this scope. Without a
    /// scope the route is closed to service accounts.
    case roles(Set<Role>, scope: Scope?)

    /// Persons with a valid token and one of these roles.
    package static func allow(_ roles: Role...) -> Access { .roles(Set(roles), scope: nil) }

    /// Persons with a valid token, in any role.
    package static var authenticated: Access { .roles(Set(Role.allCases), scope: nil) }

    /// The same persons, and service accounts with this scope.
    package func or(_ scope: Scope) -> Access {
        guard case .roles(let roles, nil) = self else { preconditionFailure("a route has one scope beside its roles") }
        return .roles(roles, scope: scope)
    }

    /// The scope that opens the route to service accounts.
    var scope: Scope? {
        guard case .roles(_, let scope) = self else { return nil }
        return scope
    }

    /// Whether a caller with these rights may call the route.
    func permits(_ rights: Rights) -> Bool {
        switch (self, rights) {
        case (.anyone, _): true
        case (.roles(let roles, _), .role(let role)): roles.contains(role)
        case (.roles(_, let scope?), .scopes(let scopes)): scopes.contains(scope)
        case (.roles(_, nil), .scopes): false
        }
    }
}

/// Whether a route takes an `If-Match` with the version that it changes.
package enum VersionCheck: Sendable, Hashable {
    /// The route changes no version; the field is ignored.
    case none
    /// With the field a change is refused if the version is no longer the last.
    case accepted
    /// Without the field a change is refused.
    case required
    /// The route creates or replaces: without the field it only creates, and `If-None-Match: *` says so.
    case requiredToReplace
}

/// The header fields that every successful answer of a route has, beside those of all answers.
package enum AnswerField: Sendable, Hashable {
    /// `ETag`: the version of what is shown.
    case entityTag
    /// `Location`: the path of what was created.
    case location
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
