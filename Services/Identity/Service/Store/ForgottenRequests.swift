import GuichetProtocol
import Postgres
import Primitives

/// The stored answers to requests by a user or about them.
enum ForgottenRequests {
    static func remove(of id: UserID) -> SQL {
        """
        DELETE FROM idempotency_keys
        WHERE position(\(id.description) IN scope) > 0 OR position(\(id.description) IN body) > 0
        """
    }
}
