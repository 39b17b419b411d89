import EventLoop
import IdentityDomain
import Postgres

extension IdentityError {
    /// Runs `body`, and throws this error in place of a conflict with that constraint.
    @EventLoop
    func replacing<Answer>(
        conflictOf constraint: String, _ body: @EventLoop () async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await body()
        } catch let error as PostgresError where error.code == .conflict(constraint: constraint) {
            throw self
        }
    }
}
