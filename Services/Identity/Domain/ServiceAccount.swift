package import GuichetProtocol
package import Primitives

/// A program that calls the API by itself.
package struct ServiceAccount: Sendable {
    /// How many a tenant may have.
    package static let limit = 50
    /// How many secrets are valid at once: during a rotation the old one and the new one.
    package static let secretLimit = 2

    package let id: UserID
    package let name: DisplayName
    package let scopes: Set<Scope>
    package let isActive: Bool
    /// Nil if it does not expire.
    package let expiresAt: Instant?
    /// Counts changes.
    package let version: EntityVersion
    package let createdAt: Instant
    package let updatedAt: Instant

    package init(
        id: UserID, name: DisplayName, scopes: Set<Scope>, isActive: Bool, expiresAt: Instant?, version: EntityVersion,
        createdAt: Instant, updatedAt: Instant
    ) {
        (self.id, self.name, self.scopes, self.isActive) = (id, name, scopes, isActive)
        (self.expiresAt, self.version, self.createdAt, self.updatedAt) = (expiresAt, version, createdAt, updatedAt)
    }

    /// A secret, without the secret itself.
    package struct Secret: Sendable {
        package let id: SecretID
        package let account: UserID
        package let createdAt: Instant
        /// Nil if it does not expire.
        package let expiresAt: Instant?
        /// When it was last exchanged for a token; nil if never.
        package let lastUsedAt: Instant?

        package init(id: SecretID, account: UserID, createdAt: Instant, expiresAt: Instant?, lastUsedAt: Instant?) {
            (self.id, self.account, self.createdAt) = (id, account, createdAt)
            (self.expiresAt, self.lastUsedAt) = (expiresAt, lastUsedAt)
        }
    }

    /// When tokens for a secret that expires at that time expire at the latest; nil if neither the account nor the secret
    /// expires.
    package func end(withSecretUntil end: Instant?) -> Instant? { [expiresAt, end].compactMap { $0 }.min() }

    /// The scopes of a token for this account: those that the client requests, or all of its own. Throws
    /// ``IdentityError/clientInvalid`` if the account or its secret gives no token now, ``IdentityError/scopeInvalid`` if the
    /// client requests a scope that is unknown or not its own.
    package func scopes(
        requested: String?, secretUntil secretEnd: Instant?, at now: Instant
    ) throws(IdentityError) -> Set<Scope> {
        guard isActive, end(withSecretUntil: secretEnd).map({ now < $0 }) ?? true else { throw .clientInvalid }
        guard let requested else { return scopes }
        let words = Set(requested.split(separator: " ").map(String.init))
        let wanted = Set(text: requested)
        guard !words.isEmpty, words.count == wanted.count, wanted.isSubset(of: scopes) else { throw .scopeInvalid }
        return wanted
    }
}

/// Marks ids of secrets of service accounts.
package enum SecretKind {}
/// The id of a secret of a service account.
package typealias SecretID = Identifier<SecretKind>

/// A service account to create.
package struct ServiceAccountDraft: Sendable {
    package let name: DisplayName
    package let scopes: Set<Scope>
    package let expiresAt: Instant?

    package init(name: DisplayName, scopes: Set<Scope>, expiresAt: Instant?) {
        (self.name, self.scopes, self.expiresAt) = (name, scopes, expiresAt)
    }
}

/// What to change of a service account; nil leaves a property as it is.
package struct ServiceAccountChanges: Sendable {
    package let name: DisplayName?
    package let scopes: Set<Scope>?
    package let isActive: Bool?
    package let expiry: Expiry

    /// What becomes of the expiry.
    package enum Expiry: Hashable, Sendable {
        case kept, never
        case at(Instant)
    }

    package init(name: DisplayName?, scopes: Set<Scope>?, isActive: Bool?, expiry: Expiry) {
        (self.name, self.scopes, self.isActive, self.expiry) = (name, scopes, isActive, expiry)
    }

    /// Whether tokens that the account has now must be refused: the change withdraws something that they permit.
    package func endsTokens(of account: ServiceAccount) -> Bool {
        isActive == false || scopes.map { !account.scopes.isSubset(of: $0) } ?? false || shortens(account)
    }

    private func shortens(_ account: ServiceAccount) -> Bool {
        guard case .at(let end) = expiry else { return false }
        return account.expiresAt.map { end < $0 } ?? true
    }
}
