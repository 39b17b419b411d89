import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Tenancy

/// Counts an attempt to prove an account, and refuses it while its source or the account is locked. Called before
/// credentials are compared, so that concurrent attempts count, too.
@EventLoop
struct CountAttempt {
    /// The schema that the attempts are counted in.
    let data: SchemaStore

    /// Throws ``IdentityError/tooManyAttempts(retryAfter:)``.
    func callAsFunction(on index: [UInt8], from source: AttemptSource, at now: Instant) async throws {
        let wait: Duration? = try await data.transaction { transaction in
            let (own, isExempt) = try await transaction.ask(
                LoginAttempts.count(on: index, from: source.digest, at: now), source.isExempt)
            let wait = try await lockout(
                after: own, free: Lockout.freeAttempts, index, source.digest, at: now, transaction)
            if wait != nil || isExempt { return wait }
            let anySource = LoginAttempts.anySource
            let all = try await transaction.ask(LoginAttempts.count(on: index, from: anySource, at: now))
            return try await lockout(
                after: all, free: Lockout.freeAttemptsOfAll, index, anySource, at: now, transaction)
        }
        if let wait { throw IdentityError.tooManyAttempts(retryAfter: wait) }
    }

    /// How long the attempt is refused; nil if it is accepted, which may lock the source for the next one.
    private func lockout(
        after state: LoginAttempts.State, free: Int, _ index: [UInt8], _ source: [UInt8], at now: Instant,
        _ transaction: Transaction
    ) async throws -> Duration? {
        if let end = state.lockedUntil, end > now { return end - now }
        let lockout = Lockout.duration(after: state.attempts, free: free)
        if lockout > .zero {
            try await transaction.query(LoginAttempts.lock(index, from: source, until: now + lockout))
        }
        return nil
    }
}

/// Where attempts to prove an account come from.
struct AttemptSource: Sendable {
    /// The digest of a network or of a session.
    let digest: [UInt8]
    /// Whether it may try while the account as a whole is locked.
    let isExempt: Query<Bool>
}

extension Realm {
    /// The source of a login: the device if it has a refresh token of that account, the network otherwise.
    ///
    /// - Parameter refreshToken: the last one that the device has. Its session may have ended.
    func source(
        of network: ClientNetwork, _ refreshToken: OpaqueToken?, index: [UInt8]
    ) async throws -> AttemptSource {
        if let refreshToken, let session = try await data.ask(Sessions.session(of: refreshToken, userWithIndex: index))
        {
            return AttemptSource(digest: vault.source(session), isExempt: .known(true))
        }
        let digest = vault.source(network)
        return AttemptSource(digest: digest, isExempt: KnownNetworks.contain(digest, ofUserWithIndex: index))
    }

    /// Counts an attempt of a caller to prove their own account. Attempts of strangers do not count for it.
    func countAttempt(on index: [UInt8], by caller: Caller, at now: Instant) async throws {
        let source = AttemptSource(digest: vault.source(caller.session), isExempt: .known(true))
        try await CountAttempt(data: data)(on: index, from: source, at: now)
    }
}
