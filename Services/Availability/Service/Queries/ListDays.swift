import EventLoop
import Postgres
import Primitives
import Tenancy

/// Lists the states of days, the next ones first.
@EventLoop
struct ListDays {
    /// At most `count` days after `position`: all, those in doubt, or the others.
    func callAsFunction(
        areDoubted: Bool?, after position: LocalDay?, count: Int, in data: SchemaStore
    ) async throws -> [DayState] {
        try await data.ask(Days.states(after: position, areDoubted: areDoubted, limit: count))
    }
}
