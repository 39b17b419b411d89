import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Opens a session for an account that has proved everything its role requires.
@EventLoop
struct OpenSession {
    let context: ServiceContext
    let keys: SigningKeys
    /// From the login to the end of the session.
    let lifetime: Duration

    /// Throws ``IdentityError/invalidCredentials`` if the account was changed since it was read.
    ///
    /// - Parameter source: the source whose attempts are forgotten; nil for the network.
    func callAsFunction(
        for account: Account, in realm: Realm, by actor: AuditActor, from source: [UInt8]? = nil
    ) async throws -> TokenView {
        let now = context.now
        let (session, refresh) = (SessionID.new(at: now), OpaqueToken(for: realm.tenant))
        let access = try keys.signer().issue(
            userID: account.id, tenant: realm.tenant, role: account.role, sessionID: session)
        try await realm.data.transaction { transaction in
            guard try await transaction.ask(realm.isUnchanged(account)) else { throw IdentityError.invalidCredentials }
            let network = realm.vault.source(actor.network)
            try await transaction.batch(
                [
                    Sessions.insert(session, of: account.id, from: now, until: now + lifetime),
                    Sessions.insert(refresh, number: 1, of: session),
                    Audit.record(.login, by: actor.identified(as: account.id, session: session), on: session, at: now),
                ] + LoginAttempts.clear(realm.vault.index(of: account.email), from: source ?? network)
                    + KnownNetworks.record(network, of: account.id, at: now))
        }
        return TokenView(access, refreshToken: refresh.text, account)
    }
}
