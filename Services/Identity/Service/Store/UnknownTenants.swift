import Postgres

/// Queries in the place of those that a tenant which does not exist has no tables for: refusals take as long as those of
/// a tenant that exists.
enum UnknownTenants {
    static let query: Query<Void> = .run("SELECT")
    /// In the place of a condition that does not hold.
    static let condition = query.map { false }
}
