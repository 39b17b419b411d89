import Postgres

/// The run of Redis that the views were published into.
enum CacheServer {
    /// Reads it; nil before the first.
    static let run: Query<String?> = .first("SELECT run FROM cache_server") { try $0.get("run") }

    static func store(run: String) -> SQL {
        "INSERT INTO cache_server (run) VALUES (\(run)) ON CONFLICT (only_row) DO UPDATE SET run = excluded.run"
    }
}
