import Authentication
import EventLoop
import IdentityDomain
import Postgres
import Primitives
import Tenancy

extension Realm {
    /// Runs a change that the caller makes, in a transaction that has confirmed their rights and keeps them as they are
    /// until it ends. Throws ``IdentityError/sessionEnded`` if they have none any more.
    ///
    /// - Parameter othersChange: whether `body` locks other accounts. Such transactions run one after the other in a
    ///   tenant: two users who change each other neither wait for each other nor both succeed.
    @discardableResult
    func change<Answer: Sendable>(
        by caller: Caller, othersChange: Bool = false, at now: Instant,
        _ body: @EventLoop (Transaction) async throws -> Answer
    ) async throws -> Answer {
        try await data.transaction { transaction in
            try await confirm(caller, othersChange: othersChange, in: transaction, at: now)
            return try await body(transaction)
        }
    }

    /// The check of ``change(by:othersChange:at:_:)`` for a transaction that is made elsewhere.
    func confirm(
        _ caller: Caller, othersChange: Bool = false, in transaction: Transaction, at now: Instant
    ) async throws {
        let order: Query<Void> = othersChange ? .run(Self.lockAccounts) : .known(())
        let (_, _, holds) = try await transaction.ask(
            order, Standing.lock(caller.user, caller.rights),
            Standing.holds(caller.user, caller.rights, session: caller.session, at: now))
        guard holds else { throw IdentityError.sessionEnded }
    }
}
