import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Adds a secret to a service account, or removes one. Two may be valid at once, so that a program changes from one to the
/// other without a pause.
@EventLoop
struct RotateSecret {
    let context: ServiceContext

    /// Makes a new secret, which replaces those that have expired. Only its digest is stored, so it is answered this once,
    /// and there is no idempotency key: the answer under it would be the secret in plain text. Throws ``NotFound`` or
    /// ``IdentityError/secretsExhausted``.
    func callAsFunction(of account: UserID, until end: Instant?, by caller: Caller) async throws -> NewSecretView {
        let (realm, now) = (try await Realm(of: caller.tenant, context), context.now)
        let (id, secret) = (SecretID.new(at: now), OpaqueToken(for: caller.tenant))
        try await realm.change(by: caller, at: now) { transaction in
            // The count is a statement after the lock, so that it sees what earlier holders have committed.
            let (found, _, secrets) = try await transaction.ask(
                ServiceAccounts.locked(account), .run(ServiceAccountSecrets.removeExpired(of: account, at: now)),
                ServiceAccountSecrets.all(of: [account]))
            guard found != nil else { throw NotFound() }
            guard secrets.count < ServiceAccount.secretLimit else { throw IdentityError.secretsExhausted }
            try await transaction.batch([
                ServiceAccountSecrets.insert(secret, id: id, of: account, until: end, at: now),
                Audit.record(.secretCreate, by: caller.actor, on: id, at: now),
            ])
        }
        return NewSecretView(id: id, clientID: account, clientSecret: secret.text, expiresAt: end)
    }

    /// Removes a secret; tokens that it was exchanged for are refused. Throws ``NotFound``.
    func remove(_ id: SecretID, of account: UserID, by caller: Caller) async throws {
        let (realm, now) = (try await Realm(of: caller.tenant, context), context.now)
        try await realm.change(by: caller, at: now) { transaction in
            let (_, sessions) = try await transaction.ask(
                ServiceAccounts.locked(account), ServiceAccountSecrets.sessions(of: account, id))
            guard !sessions.isEmpty else { throw NotFound() }
            try await transaction.batch(
                [
                    ServiceAccountSecrets.remove(id, of: account),
                    Audit.record(.secretRemove, by: caller.actor, on: id, at: now),
                ] + Sessions.announce(sessions, of: caller.tenant, at: now))
        }
        context.eventsCommitted(in: realm.data)
    }
}
