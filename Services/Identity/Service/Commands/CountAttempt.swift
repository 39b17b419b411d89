import EventLoop
import IdentityDomain
import Postgres
import Primitives
import Tenancy

extension Realm {
    /// Counts an attempt to log in. Called before credentials are compared, so that concurrent attempts count, too.
    /// Throws ``IdentityError/tooManyAttempts(retryAfter:)``.
    func countAttempt(on index: [UInt8], at now: Instant) async throws {
        let wait: Duration? = try await data.transaction { transaction in
            let state = try await transaction.ask(LoginAttempts.count(on: index, at: now))
            if let end = state.lockedUntil, end > now { return end - now }
            let lockout = Lockout.duration(after: state.attempts)
            if lockout > .zero { try await transaction.query(LoginAttempts.lock(index, until: now + lockout)) }
            return nil
        }
        if let wait { throw IdentityError.tooManyAttempts(retryAfter: wait) }
    }
}
