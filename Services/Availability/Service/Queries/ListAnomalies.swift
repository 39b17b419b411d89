import EventLoop
import Tenancy

/// Lists anomalies, the newest first: those of a tenant, or those that concern no single tenant. The list may be a
/// moment old.
@EventLoop
struct ListAnomalies {
    /// At most `count` anomalies before `position`.
    func callAsFunction(
        _ filter: Anomalies.Filter, before position: Anomalies.Position?, count: Int, in data: SchemaStore
    ) async throws -> [AnomalyView] {
        try await data.read(Anomalies.list(filter, before: position, count: count)).map(Anomalies.view)
    }
}
