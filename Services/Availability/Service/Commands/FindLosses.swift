import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// Finds out which of the differences that a report has corrected are events that were lost.
///
/// A report may overtake events: they wait in an outbox while the broker is unavailable, or in a queue whose consumer is
/// frozen. So a difference is no proof; an event that has not arrived a while later is lost.
@EventLoop
final class FindLosses {
    /// How late an event may be: longer than it takes until another process consumes the queue of one that is frozen.
    static let patience: Duration = .seconds(60)
    /// Differences that wait at a time. More come only with a new copy of the agenda.
    private static let limit = 1000

    private let context: ServiceContext
    private let anomalies: AnomalyRecorder
    private let log = Logger("losses")
    private var waiting = 0

    init(_ context: ServiceContext, _ anomalies: AnomalyRecorder) {
        (self.context, self.anomalies) = (context, anomalies)
    }

    /// Records an anomaly later, if the events of these versions do not arrive. Returns at once. A process that ends before
    /// forgets it: the views are correct all the same.
    func callAsFunction(_ versions: [KnownAppointment], _ cause: Cause, of store: TenantStore) {
        guard !versions.isEmpty, waiting + versions.count <= Self.limit else { return }
        waiting += versions.count
        let due = context.now + Self.patience
        EventLoop.start { [self] in
            defer { waiting -= versions.count }
            do {
                while context.now < due { try await EventLoop.sleep(for: .seconds(1)) }
                let lost = try await store.data.inBackground.ask(Placements.unheard(versions))
                guard lost > 0 else { return }
                let detail =
                    "\(lost) rendez-vous différaient de l’index central ; les journées touchées ont été recalculées."
                try await anomalies.record(Anomaly(kind: .divergence, event: cause.id, detail: detail), of: store)
            } catch {
                log.warning("whether events were lost is not known", [.error: String(reflecting: error)])
            }
        }
    }
}
