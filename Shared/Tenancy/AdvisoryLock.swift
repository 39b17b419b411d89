import EventLoop
package import Postgres

/// A lock that one process at a time holds, by its name within one schema. PostgreSQL releases it when the session that
/// took it ends, for whatever reason.
package struct AdvisoryLock: Sendable {
    private let key: String

    /// The lock of this name in this schema.
    package init(_ name: String, in schema: Schema) { key = "\(name) \(schema)" }

    /// Takes the lock if it is free; returns one row, whose column `locked` says whether it did.
    package var acquire: SQL { "SELECT pg_try_advisory_lock(hashtextextended(\(key), 0)) AS locked" }

    /// Releases the lock. Only the session that took it can do so.
    package var release: SQL { "SELECT pg_advisory_unlock(hashtextextended(\(key), 0))" }
}

extension SchemaStore {
    /// Runs `body` if no other process runs work of this name in this schema. Returns nil if one does.
    ///
    /// - Parameters:
    ///   - name: the work that must not run twice at once, for example `closure`.
    ///   - body: gets the session that holds the lock. If that session is lost, another process may start.
    package func exclusively<T: Sendable>(
        _ name: String, _ body: @EventLoop (Session) async throws -> T
    ) async throws -> T? {
        let lock = AdvisoryLock(name, in: schema)
        return try await withSession { session in
            guard try await session.query(lock.acquire)[0].get("locked") else { return nil }
            do {
                let value = try await body(session)
                _ = try await session.query(lock.release)
                return value
            } catch {
                // If this fails, the session is lost, and the lock with it.
                _ = try? await session.query(lock.release)
                throw error
            }
        }
    }
}
