import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Exchanges the secret of a service account for an access token: the client credentials grant of RFC 6749 section 4.4.
///
/// Wrong secrets cause no lockout: a secret of 256 random bits is not guessed, and a stranger could lock a program out.
@EventLoop
struct GrantToken {
    /// What a client presents.
    struct Claim: Sendable {
        let clientID: String
        let clientSecret: String
        /// The scopes that it requests, separated by spaces; nil for all that it has.
        let scope: String?
    }

    let context: ServiceContext
    let keys: SigningKeys

    /// Throws ``IdentityError/clientInvalid`` or ``IdentityError/scopeInvalid``.
    func callAsFunction(_ claim: Claim, by actor: AuditActor) async throws -> GrantedToken {
        guard let id = UserID(claim.clientID), let secret = OpaqueToken(claim.clientSecret),
            let realm = try await Realm.named(secret.tenant, context)
        else { throw IdentityError.clientInvalid }
        let (now, signer) = (context.now, try keys.signer())
        do {
            return try await realm.data.transaction { transaction in
                let (_, found) = try await transaction.ask(
                    ServiceAccounts.lockForGrant(id), ServiceAccountSecrets.present(secret, of: id))
                guard let found else { throw IdentityError.clientInvalid }
                let scopes = try found.account.scopes(
                    requested: claim.scope, secretUntil: found.expiresAt, at: now)
                let token = try signer.issue(
                    serviceAccount: id, tenant: realm.tenant, scopes: scopes, sessionID: found.session,
                    until: found.account.end(withSecretUntil: found.expiresAt))
                let actor = actor.identified(as: id, session: found.session)
                try await transaction.batch([
                    ServiceAccountSecrets.use(found.secret, at: now),
                    Audit.record(.tokenGrant, by: actor, on: found.secret, at: now),
                ])
                return GrantedToken(
                    text: token.text, lifetime: Int(token.lifetime.components.seconds), scope: scopes.text)
            }
        } catch let error as IdentityError {
            try await realm.data.query(Audit.record(.tokenGrant, .refused, by: actor, at: now))
            throw error
        }
    }
}
