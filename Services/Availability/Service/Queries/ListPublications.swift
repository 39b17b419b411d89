import EventLoop
import Tenancy

/// Lists publications, the newest first. The list may be a moment old.
@EventLoop
struct ListPublications {
    /// At most `count` publications before `position`.
    func callAsFunction(
        _ filter: Journal.Filter, before position: Int?, count: Int, in data: SchemaStore
    ) async throws -> [PublicationView] {
        try await data.read(Journal.list(filter, before: position, count: count)).map(Journal.view)
    }
}
