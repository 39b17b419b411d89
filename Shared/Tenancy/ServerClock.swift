package import Primitives
import Synchronization

/// The clock of a database server as this process reads it: the time since the start of the process plus an offset that is
/// measured. So all processes agree on the time, whatever the clocks of their machines say.
package final class ServerClock: Sendable {
    private static let unmeasured = Int64.min
    private static let origin = ContinuousClock.now

    private let machine: WallClock
    /// The server's time at ``origin``, in microseconds since 1970.
    private let offset = Atomic<Int64>(unmeasured)

    /// - Parameter machine: the clock of the machine, which is used until the first measurement.
    package init(machine: WallClock = .system) { self.machine = machine }

    /// The present instant, by the clock of the server.
    package var now: Instant {
        let offset = self.offset.load(ordering: .relaxed)
        guard offset != Self.unmeasured else { return machine.now }
        return Instant(microseconds: offset + Self.elapsed(until: .now))
    }

    /// How far the clock of the machine is ahead of the server's; negative if it is behind.
    package var deviation: Duration { machine.now - now }

    /// Notes what the server said the time was at some moment between `sent` and `received`. The present offset stays as
    /// long as it is possible by every measurement, so that time goes on evenly.
    func measured(_ instant: Instant, between sent: ContinuousClock.Instant, and received: ContinuousClock.Instant) {
        let earliest = instant.microseconds - Self.elapsed(until: received)
        let latest = instant.microseconds - Self.elapsed(until: sent)
        guard !(earliest...max(earliest, latest)).contains(offset.load(ordering: .relaxed)) else { return }
        offset.store(earliest + (latest - earliest) / 2, ordering: .relaxed)
    }

    private static func elapsed(until instant: ContinuousClock.Instant) -> Int64 {
        let (seconds, attoseconds) = (instant - origin).components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
