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
        /// When it was last exchanged for a token; nil if never.
        package let lastUsedAt: Instant?

        package init(id: SecretID, account: UserID, createdAt: Instant, lastUsedAt: Instant?) {
            (self.id, self.account, self.createdAt, self.lastUsedAt) = (id, account, createdAt, lastUsedAt)
        }
    }

    /// The scopes of a token for this account: those that the client requests, or all of its own. Throws
    /// ``IdentityError/clientInvalid`` if it may not have a token now, ``IdentityError/scopeInvalid`` if it requests a scope
    /// that is unknown or not its own.
    package func scopes(requested: String?, at now: Instant) throws(IdentityError) -> Set<Scope> {
        guard isActive, expiresAt.map({ now < $0 }) ?? true else { throw .clientInvalid }
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
    package let expiresAt: Instant?

    package init(name: DisplayName?, scopes: Set<Scope>?, isActive: Bool?, expiresAt: Instant?) {
        (self.name, self.scopes, self.isActive, self.expiresAt) = (name, scopes, isActive, expiresAt)
    }

    /// Whether tokens that the account has now must be refused: the change withdraws something that they permit.
    package func endsTokens(of account: ServiceAccount) -> Bool {
        isActive == false || scopes.map { !account.scopes.isSubset(of: $0) } ?? false || expiresAt != nil
    }
}
