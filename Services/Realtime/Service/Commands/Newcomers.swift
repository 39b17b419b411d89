import EventLoop
import GuichetProtocol
import Primitives
import RealtimeDomain

/// Patients of one line whose tickets are not in it yet: a telephone may connect before the event of its ticket arrives.
@EventLoop
final class Newcomers {
    private struct Newcomer {
        let holder: String
        /// Reports that were requested later have the ticket if there is one.
        let since: LineRequestID
        let answer: Promise<Bool?>
    }

    /// How long the event of a ticket may take until a report is requested, and the shortest time between two requests.
    private static let patience: Duration = .milliseconds(300)
    private static let pause: Duration = .seconds(1)
    /// How long a newcomer waits.
    private static let time: Duration = .seconds(3)
    /// The most newcomers at once.
    private static let limit = 1000

    private let now: @EventLoop () -> Instant
    private let request: @EventLoop () -> Void
    private var waiting: [ObjectIdentifier: Newcomer] = [:]
    private var requesting: LoopTimer?

    init(now: @escaping @EventLoop () -> Instant, request: @escaping @EventLoop () -> Void) {
        (self.now, self.request) = (now, request)
    }

    /// Waits for the ticket. Returns false if a report lacks it, nil if there is no report in time.
    func wait(forHolder holder: String) async -> Bool? {
        guard waiting.count < Self.limit else { return nil }
        let answer = Promise<Bool?>()
        let id = ObjectIdentifier(answer)
        waiting[id] = Newcomer(holder: holder, since: .new(at: now()), answer: answer)
        requestSoon(after: Self.patience)
        let timer = EventLoop.schedule(after: Self.time) { answer.fulfil(nil) }
        defer {
            timer.cancel()
            waiting[id] = nil
        }
        return await answer.fulfilment()
    }

    /// Notes the state after events.
    func note(_ state: LineState) {
        for newcomer in waiting.values where state.ticket(ofHolder: newcomer.holder) != nil {
            newcomer.answer.fulfil(true)
        }
    }

    /// Notes the state after a report.
    func note(_ state: LineState, reportedTo request: LineRequestID) {
        note(state)
        for newcomer in waiting.values where newcomer.since < request { newcomer.answer.fulfil(false) }
    }

    /// Requests a report for all that wait, and again while some do.
    private func requestSoon(after time: Duration) {
        guard requesting == nil else { return }
        requesting = EventLoop.schedule(after: time) { [weak self] in
            guard let self else { return }
            requesting = nil
            guard !waiting.isEmpty else { return }
            request()
            requestSoon(after: Self.pause)
        }
    }
}
