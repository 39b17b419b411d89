package import Postgres
package import Tenancy

/// One request that a client may send again without its effect happening twice (draft-ietf-httpapi-idempotency-key).
///
/// The answer is stored by the transaction that has the effect, so there is never one without the other. Errors are
/// not stored: they had no effect.
package struct IdempotencyRecord: Sendable {
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
    private let former: [UInt8]?

    /// - Parameters:
    ///   - scope: who asks, and which route: keys of different scopes do not meet.
    ///   - key: the client's key, 1 to 255 characters.
    ///   - fingerprint: a keyed digest of the request; another body under the same key is refused.
    ///   - former: the digest of an earlier release, which is accepted in stored records until they are removed.
    package init(scope: String, key: String, fingerprint: [UInt8], former: [UInt8]? = nil) {
        (self.scope, self.key, self.fingerprint, self.former) = (scope, key, fingerprint, former)
    }

    /// Finds the stored answer; its row goes to ``answer(in:)``.
    package var lookup: SQL {
        "SELECT fingerprint, body FROM idempotency_keys WHERE scope = \(scope) AND key = \(key)"
    }

    /// The body that was answered the first time; nil if there is none. Throws ``Fault/reused``.
    package func answer(in rows: [Row]) throws -> String? {
        guard let row = rows.first else { return nil }
        let stored: [UInt8] = try row.get("fingerprint")
        guard stored == fingerprint || stored == former else { throw Fault.reused }
        return try row.get("body")
    }

    /// First in the transaction that has the effect: a second one at the same time fails, see ``fault(of:)``.
    package var claim: SQL { "SELECT claim_idempotency_key(\(scope), \(key))" }

    /// Stores the body of the answer, in the same transaction.
    package func store(body: String) -> SQL {
        """
        INSERT INTO idempotency_keys (scope, key, fingerprint, body)
        VALUES (\(scope), \(key), \(fingerprint), \(body))
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

    /// Removes the stored answers to requests by someone or about them.
    ///
    /// - Parameter id: the id of a user or a patient.
    package static func removeAll(about id: some CustomStringConvertible) -> SQL {
        """
        DELETE FROM idempotency_keys
        WHERE position(\(id.description) IN scope) > 0 OR position(\(id.description) IN body) > 0
        """
    }

    /// Removes keys older than a tablet may be offline: seven days.
    package static let prune: SQL = "DELETE FROM idempotency_keys WHERE created_at < now() - interval '7 days'"
}

extension MigrationSet {
    /// What a schema needs for requests with keys.
    package static let idempotency = MigrationSet(
        "idempotency",
        [
            Migration(1, "idempotency keys", PackageResources.V0001_idempotency_keys_sql),
            Migration(2, "answers are bodies", PackageResources.V0002_answers_are_bodies_sql),
        ])
}
