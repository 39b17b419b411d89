import Cryptography
import EventLoop
import IdentityDomain
import Primitives

/// Hashes and checks passwords on the threads of a blocking pool, which bounds how many wait for it.
struct PasswordHasher: Sendable {
    /// The cost of a new hash. Tests of other subjects lower it; it is no variable, so that no installation does.
    @TaskLocal static var cost = ScryptCost.standard

    private let pool: BlockingPool
    private let cost: ScryptCost

    init(on pool: BlockingPool) { (self.pool, cost) = (pool, Self.cost) }

    /// Hashes a new password. Throws ``IdentityError/passwordRefused(_:)`` if it breaks the rules.
    func hash(_ password: String, of email: EmailAddress) async throws -> String {
        do {
            try PasswordRules.check(password, of: email)
        } catch {
            throw IdentityError.passwordRefused(error)
        }
        let cost = self.cost
        return try await run { PasswordHash(of: password, cost: cost).description }
    }

    /// Whether the password is right. Without a stored hash it takes the same time and returns false.
    func matches(_ password: String, _ stored: String?) async throws -> Bool {
        guard let hash = PasswordHash(stored ?? unmatchable) else { preconditionFailure("stored hashes are ours") }
        let matches = try await run { hash.matches(password) }
        return matches && stored != nil
    }

    /// A hash that no known password has.
    var unmatchable: String {
        let salt = String(repeating: "A", count: 22)
        return "$scrypt$\(cost)$\(salt)$\(salt)\(String(repeating: "A", count: 21))"
    }

    /// Throws ``IdentityError/hashingSaturated`` if the pool takes no more work.
    private func run<T: Sendable>(_ body: @escaping @Sendable () -> T) async throws -> T {
        do {
            return try await pool.run(body)
        } catch is BlockingPool.Saturated {
            throw IdentityError.hashingSaturated
        }
    }
}
