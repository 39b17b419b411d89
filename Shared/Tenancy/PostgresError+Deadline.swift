package import Postgres

extension PostgresError {
    /// True if the deadline of the request had passed when the write was to be committed. It has no effect, now or later.
    package var isLateCommit: Bool { code == .raised(sqlState: "GU011") }
}
