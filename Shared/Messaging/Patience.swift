/// How long events wait for something that is not there, a tenant or a database server, before they are parked.
///
/// Each is waited for once, not once an event: what stays away holds up the events of nobody else for long.
final class Patience<Subject: Hashable> {
    private struct Wait {
        let begin: ContinuousClock.Instant
        var lastTry: ContinuousClock.Instant
    }

    /// Beyond so many nobody is waited for.
    static var most: Int { 1000 }

    private let limit: Duration
    private let pause: Duration
    private var waits: [Subject: Wait] = [:]

    /// - Parameter pause: how long what is known to be away is not tried again.
    init(limit: Duration = .seconds(30), pause: Duration = .seconds(5)) { (self.limit, self.pause) = (limit, pause) }

    /// True when an event that cannot be handled without the subject shall be tried again.
    func lasts(for subject: Subject) -> Bool {
        let now = ContinuousClock.now
        guard let wait = waits[subject] else {
            guard waits.count < Self.most else { return false }
            waits[subject] = Wait(begin: now, lastTry: now)
            return true
        }
        return now - wait.begin < limit
    }

    /// False while the subject is known to be away: each try would take its time.
    func isWorthTrying(_ subject: Subject) -> Bool {
        let now = ContinuousClock.now
        guard let wait = waits[subject], now - wait.begin >= limit else { return true }
        guard now - wait.lastTry >= pause else { return false }
        waits[subject]?.lastTry = now
        return true
    }

    /// The subject is there: should it ever be away again, it will be waited for.
    func ends(for subject: Subject) { waits[subject] = nil }
}
