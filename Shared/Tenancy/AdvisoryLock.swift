import EventLoop
package import Postgres

/// A lock that one process at a time holds, by its name within one schema.
///
/// PostgreSQL releases it when the session that took it ends. A process that is frozen, or cut off from the server, keeps
/// its sessions; therefore a holder runs a statement on that session at least every ``heartbeat``, and a process that
/// waits for the lock ends a session that has been silent for longer than ``patience``, by the clock of the server.
package struct AdvisoryLock: Sendable {
    /// How often a holder runs a statement while it does something else under the lock.
    static let heartbeat: Duration = .milliseconds(250)
    /// How long a holder may be silent before its session is ended.
    static let patience: Duration = .seconds(1)

    private let key: String

    /// The lock of this name in this schema.
    package init(_ name: String, in schema: Schema) { key = "\(name) \(schema)" }

    /// Takes the lock if it is free; returns one row, whose column `locked` says whether it did.
    package var acquire: SQL { "SELECT pg_try_advisory_lock(hashtextextended(\(key), 0)) AS locked" }

    /// Releases the lock. Only the session that took it can do so.
    package var release: SQL { "SELECT pg_advisory_unlock(hashtextextended(\(key), 0))" }

    /// Ends the session that holds the lock if its process has been silent for too long: it waits for the next statement,
    /// or for its rows to be read. Returns one row, whose column `ended` counts the sessions. The processes of a service
    /// share a role, so they may end each other's sessions.
    package var endSilentHolder: SQL {
        """
        SELECT count(pg_terminate_backend(pid)) AS ended FROM pg_locks JOIN pg_stat_activity AS holder USING (pid)
        WHERE locktype = 'advisory' AND database = holder.datid AND holder.datname = current_database()
            AND (classid::bigint << 32 | objid::bigint) = hashtextextended(\(key), 0) AND objsubid = 1 AND granted
            AND wait_event_type = 'Client'
            AND state_change < clock_timestamp() - make_interval(secs => \(Int(Self.patience / .milliseconds(1))) / 1000.0)
        """
    }
}

extension Session {
    /// Runs `body`, which must not use this session, and a statement on this session every
    /// ``AdvisoryLock/heartbeat``. Throws if the session was lost meanwhile, and its locks with it.
    package func keepingAlive<T>(_ body: @EventLoop () async throws -> T) async throws -> T {
        let heartbeats = EventLoop.start { [self] in
            while !Task.isCancelled {
                try await EventLoop.sleep(for: AdvisoryLock.heartbeat)
                _ = try await query("SELECT")
            }
        }
        let outcome: Result<T, any Error>
        do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        heartbeats.cancel()
        // A statement that is under way is finished first: a session runs one at a time.
        if case .failure(let error) = await heartbeats.result, !(error is CancellationError) { throw error }
        return try outcome.get()
    }

    /// Takes the lock if it is free, or as soon as the session of a silent holder has ended.
    fileprivate func take(_ lock: AdvisoryLock) async throws -> Bool {
        if try await query(lock.acquire)[0].get("locked") { return true }
        guard try await query(lock.endSilentHolder)[0].get("ended", as: Int.self) > 0 else { return false }
        for _ in 0..<20 {
            try await EventLoop.sleep(for: .milliseconds(5))
            if try await query(lock.acquire)[0].get("locked") { return true }
        }
        return false
    }
}

extension SchemaStore {
    /// Runs `body` if no other process runs work of this name in this schema. Returns nil if one does.
    ///
    /// A process that is frozen while `body` runs loses the lock to the next one that asks. When it continues, `body` goes
    /// on, and the call throws at its end: what `body` does must be harmless if it is done twice at once.
    ///
    /// - Parameter name: the work that must not run twice at once, for example `closure`.
    package func exclusively<T: Sendable>(_ name: String, _ body: @EventLoop () async throws -> T) async throws -> T? {
        let lock = AdvisoryLock(name, in: schema)
        return try await withSession { session in
            guard try await session.take(lock) else { return nil }
            do {
                let value = try await session.keepingAlive(body)
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
