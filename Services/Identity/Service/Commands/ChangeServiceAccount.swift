import Authentication
import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Changes or removes a service account of the caller's tenant. Tokens of before are refused if the change withdraws
/// something that they permit.
@EventLoop
struct ChangeServiceAccount {
    let context: ServiceContext

    /// Throws ``NotFound``, ``Precondition/Fault`` or ``IdentityError/nameTaken``.
    func callAsFunction(
        _ id: UserID, _ changes: ServiceAccountChanges, if precondition: Precondition, by caller: Caller
    ) async throws -> Versioned<ServiceAccountView> {
        let (realm, now) = (try await Realm(of: caller.tenant, context), context.now)
        try await IdentityError.nameTaken.replacing(conflictOf: "service_account_name_is_free") {
            try await realm.change(by: caller, at: now) { transaction in
                let (found, sessions) = try await transaction.ask(
                    ServiceAccounts.locked(id), ServiceAccountSecrets.sessions(of: id))
                guard let account = found else { throw NotFound() }
                try precondition.check(account.version)
                var statements = [
                    ServiceAccounts.change(id, changes, at: now),
                    Audit.record(.serviceAccountChange, by: caller.actor, on: id, at: now),
                ]
                if changes.endsTokens(of: account) {
                    statements.append(ServiceAccountSecrets.renewSessions(of: id))
                    statements += try Sessions.announce(sessions, of: caller.tenant, at: now)
                }
                try await transaction.batch(statements)
            }
        }
        context.eventsCommitted(in: realm.data)
        return try await ReadServiceAccounts(context: context).one(id, in: realm.data)
    }

    /// Removes the account with its secrets; audit lines keep its id. Throws ``NotFound``.
    func remove(_ id: UserID, by caller: Caller) async throws {
        let (realm, now) = (try await Realm(of: caller.tenant, context), context.now)
        try await realm.change(by: caller, at: now) { transaction in
            let (found, sessions) = try await transaction.ask(
                ServiceAccounts.locked(id), ServiceAccountSecrets.sessions(of: id))
            guard found != nil else { throw NotFound() }
            try await transaction.batch(
                [
                    ServiceAccounts.remove(id),
                    Audit.record(.serviceAccountRemove, by: caller.actor, on: id, at: now),
                ] + Sessions.announce(sessions, of: caller.tenant, at: now))
        }
        context.eventsCommitted(in: realm.data)
    }
}
