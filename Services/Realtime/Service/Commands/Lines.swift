import EventLoop
import GuichetProtocol
import Primitives
import RealtimeDomain
import Runtime
import ServiceHost
import Tenancy

/// The lines that clients of this process listen to, in memory.
@EventLoop
final class Lines {
    /// The most lines that wait for their first report: beyond it joins are refused, so that joins of unknown queues
    /// cannot occupy the process.
    private static let unreportedLimit = 1000
    /// How long a line is followed after the last client has left, for clients that come back: while there are few such
    /// lines, and while there are many.
    private static let idleTime: (few: Duration, many: Duration) = (.seconds(60), .seconds(3))
    /// The most idle lines that are few.
    private static let fewLines = 64
    /// How long a patient keeps the room of a ticket that has ended: it may be undone.
    private static let endedTime: Duration = .seconds(120)

    private let context: ServiceContext
    private let requests: RequestLines
    private let announceAudience: AnnounceAudience
    private let gathering: Duration
    private var lines: [LineKey: FollowedLine] = [:]
    /// The other processes.
    private var processes = LiveProcesses()
    /// False while no events arrive: that others are silent means nothing then.
    private var isListening = false
    private let log = Logger("lines")

    init(
        _ context: ServiceContext, _ requests: RequestLines, _ announceAudience: AnnounceAudience, gathering: Duration
    ) {
        (self.context, self.requests, self.announceAudience) = (context, requests, announceAudience)
        self.gathering = gathering
        context.platform.metrics.gauge("guichet.realtime.lines", "Lines that this process follows.")
            .observe { [weak self] in Double(self?.lines.count ?? 0) }
    }

    func find(_ key: LineKey) -> FollowedLine? { lines[key] }

    /// The line, which is followed from now on.
    func follow(_ key: LineKey) -> FollowedLine {
        if let line = lines[key] { return line }
        let line = FollowedLine(
            key, gathering: gathering, now: { [context] in context.now }, request: { [requests] in requests(key) },
            announce: { [announceAudience] in announceAudience($0, of: key) })
        lines[key] = line
        return line
    }

    /// The line once its state is known. Throws ``Refusal/busy`` if it is not within three seconds.
    func ready(_ key: LineKey) async throws(Refusal) -> FollowedLine {
        if lines[key] == nil {
            guard lines.values.count(where: { $0.state == nil }) < Self.unreportedLimit else { throw .busy }
        }
        let line = follow(key)
        guard await line.waitUntilKnown() else { throw .busy }
        return line
    }

    func hear(_ change: LineChange, of key: LineKey) { lines[key]?.hear(change) }

    func hear(_ report: LineReport, to request: LineRequestID, of key: LineKey) {
        lines[key]?.hear(report, to: request)
    }

    func hear(_ observation: LinePresence.Observation, from process: String, of key: LineKey) {
        guard process != announceAudience.process else { return }
        processes.hear(process, at: context.now)
        lines[key]?.hear(observation, from: process)
    }

    /// No events arrive from now on.
    func stopListening() { isListening = false }

    /// Events arrive again and some may have been missed: no line is believed until Queue has reported it.
    func doubtAll() {
        isListening = true
        processes.excuse(at: context.now)
        if !lines.isEmpty { log.info("events may have been missed", [.count: lines.count]) }
        for line in lines.values { line.doubt() }
    }

    /// Forgets tickets that have ended, lines that have no listener or whose tenant has ended, and processes that have
    /// fallen silent.
    func tidy() {
        let (now, clock) = (context.now, ContinuousClock.now)
        let silent = isListening ? processes.removeSilent(at: now) : []
        for (key, line) in lines {
            if context.platform.directory.hasEnded(key.tenant) {
                line.end()
                lines[key] = nil
                continue
            }
            line.forget(endedBefore: now - Self.endedTime)
            line.observe()
            if !silent.isEmpty { line.forget(silent) }
        }
        removeIdle(at: clock)
        giveSignOfLife(at: clock)
    }

    /// Forgets lines that have no listener, and soon if they are many.
    private func removeIdle(at clock: ContinuousClock.Instant) {
        let idle = lines.filter { $0.value.isIdle(since: clock - Self.idleTime.many) }
        let areMany = idle.count > Self.fewLines
        for (key, line) in idle where areMany || line.isIdle(since: clock - Self.idleTime.few) { lines[key] = nil }
        if areMany { UnusedMemory.giveBack() }
    }

    /// Repeats the listeners of one line, unless something was said of any line a moment ago.
    private func giveSignOfLife(at clock: ContinuousClock.Instant) {
        if let spoke = announceAudience.spokeAt, clock - spoke < LiveProcesses.interval { return }
        _ = lines.values.first { $0.announceAgain() }
    }
}
