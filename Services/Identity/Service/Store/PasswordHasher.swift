import Cryptography
import EventLoop

/// Hashes and checks passwords off the loop, as many at once as the pool has threads, and no more waiting than it permits.
struct PasswordHasher: Sendable {
    private let pool: BlockingPool
    private let cost: ScryptCost

    init(on pool: BlockingPool, cost: ScryptCost) { (self.pool, self.cost) = (pool, cost) }

    func hash(_ password: String) async throws -> String {
        let cost = self.cost
        return try await run { PasswordHash(of: password, cost: cost).description }
    }

    /// Whether that is the password. Without a stored hash it takes the same time and is false.
    func matches(_ password: String, _ stored: String?) async throws -> Bool {
        guard let hash = PasswordHash(stored ?? nobodys) else { preconditionFailure("stored hashes are ours") }
        let matches = try await run { hash.matches(password) }
        return matches && stored != nil
    }

    /// A hash of no known password.
    var nobodys: String {
        let salt = String(repeating: "A", count: 22)
        return "$scrypt$\(cost)$\(salt)$\(salt)\(String(repeating: "A", count: 21))"
    }

    private func run<T: Sendable>(_ body: @escaping @Sendable () -> T) async throws -> T {
        do {
            return try await pool.run(body)
        } catch is BlockingPool.Saturated {
            throw IdentityError.hashingSaturated
        }
    }
}
