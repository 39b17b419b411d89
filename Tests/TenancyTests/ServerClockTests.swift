import Primitives
import Testing

@testable import Tenancy

@Suite("The clock of a server, as a process reads it")
struct ServerClockTests {
    private let start = ContinuousClock.now
    private let present = Instant(seconds: 1_800_000_000)

    private func reading(_ clock: ServerClock) -> Duration { clock.now - present - (ContinuousClock.now - start) }

    private func measure(_ clock: ServerClock, _ ahead: Duration, from sent: Duration, to received: Duration) {
        clock.measured(present + ahead, between: start + sent, and: start + received)
    }

    @Test("is that of the machine until it is measured, and then independent of it")
    func first() {
        let clock = ServerClock(machine: WallClock { present + .seconds(90) })
        #expect(clock.now == present + .seconds(90))
        #expect(clock.deviation == .zero)
        measure(clock, .zero, from: .milliseconds(-1), to: .milliseconds(1))
        #expect(abs(reading(clock)) < 0.5)
        #expect(clock.deviation > .seconds(60))
    }

    @Test("goes on evenly while it is possible by every measurement, and follows when it is not")
    func corrections() {
        let clock = ServerClock(machine: WallClock { present })
        measure(clock, .zero, from: .milliseconds(-1), to: .milliseconds(1))
        let before = reading(clock)
        // An answer that took long says less than is known.
        measure(clock, .zero, from: .milliseconds(-400), to: .milliseconds(10))
        #expect(abs(reading(clock) - before) < 0.1)
        // A server whose clock was set forward.
        measure(clock, .seconds(20), from: .milliseconds(-1), to: .milliseconds(1))
        #expect(abs(reading(clock) - .seconds(20)) < 0.5)
    }
}

private func abs(_ duration: Duration) -> Double { Swift.abs(duration / .seconds(1)) }
