package import Postgres
package import Tenancy

/// One request that a client may send again without its effect happening twice (draft-ietf-httpapi-idempotency-key).
///
/// The answer is stored by the transaction that has the effect, so there is never one without the other. Errors are
/// not stored: they had no effect.
package struct IdempotencyRecord: Sendable {
    /// What was answered the first time.
    package struct Answer: Sendable, Equatable {
        /// The HTTP status, 2xx.
        package var status: Int
        /// The entity tag and location, as `name: value` lines.
        package var headers: String
        /// The body, as it was sent.
        package var body: String

        package init(status: Int, headers: String = "", body: String) {
            (self.status, self.headers, self.body) = (status, headers, body)
        }
    }

    /// Why the request is not carried out.
    package enum Fault: Error, Equatable {
        /// The first request with this key is still running.
        case running
        /// The key was used for another request.
        case reused
    }

    private let scope: String
    private let key: String
    private let fingerprint: [UInt8]

    /// - Parameters:
    ///   - scope: who asks, and which route: keys of different scopes do not meet.
    ///   - key: the client's key, 1 to 255 characters.
    ///   - fingerprint: a digest of the request; another body under the same key is refused.
    package init(scope: String, key: String, fingerprint: [UInt8]) {
        (self.scope, self.key, self.fingerprint) = (scope, key, fingerprint)
    }

    /// Finds the stored answer; its row goes to ``answer(in:)``.
    package var lookup: SQL {
        "SELECT fingerprint, status, headers, body FROM idempotency_keys WHERE scope = \(scope) AND key = \(key)"
    }

    /// The stored answer, nil when there is none. Throws ``Fault/reused``.
    package func answer(in rows: [Row]) throws -> Answer? {
        guard let row = rows.first else { return nil }
        guard try row.get("fingerprint", as: [UInt8].self) == fingerprint else { throw Fault.reused }
        return Answer(status: try row.get("status"), headers: try row.get("headers"), body: try row.get("body"))
    }

    /// First in the transaction that has the effect: a second one at the same time fails, see ``fault(of:)``.
    package var claim: SQL { "SELECT claim_idempotency_key(\(scope), \(key))" }

    /// Stores the answer, in the same transaction.
    package func store(_ answer: Answer) -> SQL {
        """
        INSERT INTO idempotency_keys (scope, key, fingerprint, status, headers, body)
        VALUES (\(scope), \(key), \(fingerprint), \(answer.status), \(answer.headers), \(answer.body))
        """
    }

    /// Turns the database's refusals of ``claim`` and ``store(_:)`` into ``Fault/running``: the winner has just finished
    /// or is about to. Nil for other errors.
    package static func fault(of error: any Error) -> Fault? {
        switch (error as? PostgresError)?.code {
        case .raised(sqlState: "GU001"), .conflict(constraint: "idempotency_keys_pkey"): .running
        default: nil
        }
    }

    /// Forgets keys older than a tablet may be offline: seven days.
    package static let prune: SQL = "DELETE FROM idempotency_keys WHERE created_at < now() - interval '7 days'"
}

extension MigrationSet {
    /// What a schema needs for requests with keys.
    package static let idempotency = MigrationSet(
        "idempotency", [Migration(1, "idempotency keys", PackageResources.V0001_idempotency_keys_sql)])
}
