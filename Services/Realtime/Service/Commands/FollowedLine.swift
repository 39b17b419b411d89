import EventLoop
import GuichetProtocol
import Primitives
import RealtimeDomain
import Runtime

/// One line that clients listen to: what is known of it, its rooms, and what they were sent.
///
/// The state of the line is sent once for the events that arrive within a short time. Calls, and what else must not be
/// merged, are sent at once; the state after a call does not wait for the pause, unless the last one was after a call, too.
@EventLoop
final class FollowedLine {
    /// How long to wait for a report before the next request.
    private static let requestBackoff = Backoff(from: .seconds(1), to: .seconds(15))
    /// How long a missing event may take until a report is requested: events of one line rarely overtake each other.
    private static let patience: Duration = .milliseconds(300)
    /// How long a client that joins waits for the state.
    private static let joinTime: Duration = .seconds(3)
    /// The events of one change, a call for example, arrive within this time, and are sent as one state.
    private static let settling: Duration = .milliseconds(1)

    private let gathering: Duration
    private let now: @EventLoop () -> Instant
    private let request: @EventLoop () -> Void
    private let announce: @EventLoop (LinePresence.Observation) -> Void
    private var follower = LineFollower()
    private var audience: LineAudience
    private let newcomers: Newcomers
    private var presence = LinePresence()
    private var observing: LoopTimer?
    private var waiting: [ObjectIdentifier: Promise<Bool>] = [:]
    private var lastSent = ContinuousClock.now - .seconds(60)
    private var sending: LoopTimer?
    /// Whether the state that is due, and the last one that was sent, did not wait for the pause.
    private var isDuePromptly = false, wasSentPromptly = false
    private var requesting: LoopTimer?
    private var attempts = 0
    private var lastUse = ContinuousClock.now
    private let log = Logger("lines")

    init(
        _ key: LineKey, gathering: Duration, now: @escaping @EventLoop () -> Instant,
        request: @escaping @EventLoop () -> Void,
        announce: @escaping @EventLoop (LinePresence.Observation) -> Void
    ) {
        (self.gathering, self.now, self.request, self.announce) = (gathering, now, request, announce)
        audience = LineAudience(of: key)
        newcomers = Newcomers(now: now, request: request)
        requestReport(after: .zero)
    }

    /// The line; nil until its first report.
    var state: LineState? { follower.state }

    /// Returns false if the state is still unknown, or doubtful, after three seconds.
    func waitUntilKnown() async -> Bool {
        lastUse = .now
        if !follower.needsReport { return true }
        let promise = Promise<Bool>()
        waiting[ObjectIdentifier(promise)] = promise
        let timer = EventLoop.schedule(after: Self.joinTime) { promise.fulfil(false) }
        defer {
            timer.cancel()
            waiting[ObjectIdentifier(promise)] = nil
        }
        return await promise.fulfilment()
    }

    /// Whether what the room shows is known without asking.
    func shows(_ room: Room) -> Bool {
        guard let state else { return false }
        guard case .patient(_, let holder) = room else { return true }
        return state.ticket(ofHolder: holder) != nil
    }

    /// Whether the line has the ticket of this patient, whose event may still be on its way. Throws ``Refusal/busy`` if that
    /// is not known within three seconds.
    func hasTicket(ofHolder holder: String) async throws(Refusal) -> Bool {
        if state?.ticket(ofHolder: holder) != nil { return true }
        guard let isThere = await newcomers.wait(forHolder: holder) else { throw .busy }
        return isThere
    }

    func hear(_ change: LineChange) {
        let wasKnown = !follower.needsReport
        for change in follower.take(change) { tell(change) }
        if follower.needsReport, wasKnown { requestReport(after: Self.patience) }
        if let state { newcomers.note(state) }
        settle()
    }

    /// - Parameter request: the request that the report answers, of this process or another one.
    func hear(_ report: LineReport, to request: LineRequestID) {
        let earlier = state?.version
        for change in follower.take(report, at: now()) { tell(change) }
        // Clients that wait for the first report are sent the state in the answers to their joins.
        if earlier != nil, state?.version != earlier { scheduleSending() }
        if let state { newcomers.note(state, reportedTo: request) }
        settle()
    }

    func doubt() {
        follower.doubt()
        requestReport(after: .zero)
        presence.repeatSoon()
        observeSoon()
    }

    func forget(endedBefore instant: Instant) {
        follower.forget(endedBefore: instant)
        guard let state, !follower.needsReport else { return }
        audience.closeRooms(without: state)
    }

    /// Closes all rooms: the tenant has ended.
    func end() { audience.closeRooms() }

    func isIdle(since instant: ContinuousClock.Instant) -> Bool { audience.isEmpty && lastUse < instant }

    private func tell(_ change: LineChange) {
        guard let state else { return }
        attempt { try audience.tell(change, state, presence.all) }
        scheduleSending(promptly: [.called, .recalled].contains(change.verb))
    }

    /// Ends the waiting of joins, and for a report, once the line is known.
    private func settle() {
        guard !follower.needsReport else { return }
        requesting?.cancel()
        (requesting, attempts) = (nil, 0)
        for promise in waiting.values { promise.fulfil(true) }
    }

    private func requestReport(after pause: Duration) {
        requesting?.cancel()
        requesting = EventLoop.schedule(after: pause) { [weak self] in
            guard let self, follower.needsReport else { return }
            attempts += 1
            request()
            requestReport(after: Self.requestBackoff.pause(after: attempts))
        }
    }
}

// Sending.
extension FollowedLine {
    func join(_ room: Room, _ client: Client) {
        lastUse = .now
        audience.join(room, client)
        observeSoon()
    }

    /// What a client that joins a room is answered: everything that the room shows. Throws ``Refusal/notFound`` if the
    /// ticket of the room is unknown.
    func show(_ room: Room) throws -> Announcement {
        guard let state else { throw Refusal.busy }
        return try audience.show(room, state, presence.all, at: now())
    }

    func leave(_ room: Room, _ client: Client) {
        lastUse = .now
        audience.leave(room, client)
        observeSoon()
    }

    private func scheduleSending(promptly: Bool = false) {
        let isPrompt = promptly && !wasSentPromptly
        guard sending == nil || isPrompt && !isDuePromptly else { return }
        sending?.cancel()
        isDuePromptly = isPrompt
        let due = isPrompt ? .zero : lastSent + gathering - ContinuousClock.now
        sending = EventLoop.schedule(after: max(Self.settling, due)) { [weak self] in
            guard let self else { return }
            sending = nil
            send()
        }
    }

    private func send() {
        guard let state else { return }
        lastSent = .now
        (wasSentPromptly, isDuePromptly) = (isDuePromptly, false)
        attempt { try audience.send(state, presence.all, at: now()) }
    }

    private func attempt(_ body: () throws -> Void) {
        do {
            try body()
        } catch {
            log.error("a payload could not be encoded", [.error: String(reflecting: error)])
        }
    }
}

// Who is connected.
extension FollowedLine {
    func hear(_ observation: LinePresence.Observation, from process: String) {
        change { presence in
            if presence.hear(observation, from: process, at: now()) { announce(presence.own) }
        }
    }

    /// Forgets processes that have ended, and with them their listeners.
    func forget(_ processes: Set<String>) { change { $0.forget(processes) } }

    /// Repeats who is connected to this process. Returns false if no one is.
    func announceAgain() -> Bool {
        guard !presence.own.isEmpty else { return false }
        announce(presence.own)
        return true
    }

    /// Notes who is connected to this process, and repeats it for the others from time to time.
    func observe() {
        guard let state else { return }
        change { presence in
            presence.forget(at: now())
            let observation = audience.connected(to: state)
            if presence.observe(observation, at: now()) { announce(observation) }
        }
    }

    /// Gathers changes: many clients come and go together.
    func observeSoon() {
        guard observing == nil else { return }
        observing = EventLoop.schedule(after: .seconds(1)) { [weak self] in
            self?.observing = nil
            self?.observe()
        }
    }

    private func change(_ body: (inout LinePresence) -> Void) {
        let before = presence.all
        body(&presence)
        guard presence.all != before, let state else { return }
        attempt { try audience.sendToStaff(state, presence.all, at: now()) }
    }
}
