package import Primitives
import Synchronization

/// The clock of a service under test. It follows the clock of the machine until the test moves it.
package final class TestClock: Sendable {
    private enum Reading {
        case running(ahead: Duration)
        case stopped(Instant)
    }

    private let reading = Mutex(Reading.running(ahead: .zero))

    /// Starts at the present instant.
    package init() {}

    /// The present instant of this clock.
    package var now: Instant {
        reading.withLock { reading in
            switch reading {
            case .running(let ahead): .now + ahead
            case .stopped(let instant): instant
            }
        }
    }

    /// The same clock, as a service reads it.
    package var clock: WallClock { WallClock { self.now } }

    /// Moves it forward.
    package func advance(by duration: Duration) {
        reading.withLock { reading in
            switch reading {
            case .running(let ahead): reading = .running(ahead: ahead + duration)
            case .stopped(let instant): reading = .stopped(instant + duration)
            }
        }
    }

    /// Stops the clock at `instant`.
    package func stop(at instant: Instant) { reading.withLock { $0 = .stopped(instant) } }
}
