package import EventLoop
import Primitives
import Runtime
import Tenancy

/// Compares the clock of the machine with those of the database servers, by which the suite reads the time.
///
/// A machine whose clock is wrong still works, but what is made on it outside the suite does not agree: its logs, its
/// certificates. So it says so; and it takes no requests if its clock is wrong by more than tokens tolerate, as long as
/// another process of the service has one that is right.
@EventLoop
package final class Clocks {
    /// A deviation that is normal.
    private static let tolerance: Duration = .seconds(1)

    private let servers: DatabaseServers
    private let presence: Presence
    private let log = Logger("clock")
    private var isWrong = false

    init(_ servers: DatabaseServers, _ presence: Presence, _ readiness: Readiness, leeway: Duration) {
        (self.servers, self.presence) = (servers, presence)
        readiness.require("clock") { [weak self] in
            guard let self, abs(deviation) > leeway else { return true }
            return abs(presence.leastClockDeviation ?? deviation) > leeway
        }
    }

    /// How far the clock of the machine is ahead of that of the home server; negative if it is behind.
    package var deviation: Duration { servers.clock.deviation }

    /// Measures all clocks. Throws if a server does not answer; the others are measured.
    func measure() async throws {
        defer { report() }
        try await servers.measureClocks()
    }

    private func report() {
        let isWrong = abs(deviation) > Self.tolerance
        if isWrong != self.isWrong {
            let message = "the clock of this machine \(isWrong ? "is wrong" : "is right again")"
            log.warning(message, [.duration: deviation])
        }
        self.isWrong = isWrong
    }
}

private func abs(_ duration: Duration) -> Duration { duration < .zero ? .zero - duration : duration }
