import EventLoop
import GuichetProtocol
import Primitives
import RealtimeDomain
import Runtime
import ServiceHost

/// Has the other processes know which patients and displays are connected to this one.
@EventLoop
final class AnnounceAudience {
    /// The name of this process, new at each start.
    let process = EventID.new().description
    /// When it last said something.
    private(set) var spokeAt: ContinuousClock.Instant?
    private let context: ServiceContext
    private let log = Logger("audience")

    init(_ context: ServiceContext) { self.context = context }

    /// Sends it once: a loss is repaired by the next repetition.
    func callAsFunction(_ observation: LinePresence.Observation, of line: LineKey) {
        spokeAt = .now
        let event = AudienceObserved(
            process: process, queue: line.queue,
            tickets: Array(observation.tickets.sorted().prefix(AudienceObserved.maximumTickets)),
            displays: observation.displays.sorted())
        let (platform, now, log) = (context.platform, context.now, log)
        EventLoop.start {
            do {
                try await platform.broadcast(
                    event, of: line.queue.description, version: Int(now.microseconds), tenant: line.tenant, at: now)
            } catch {
                log.info("the audience is not announced", [.error: String(reflecting: error)])
            }
        }
    }
}
