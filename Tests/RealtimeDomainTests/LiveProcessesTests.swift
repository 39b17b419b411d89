import Primitives
import RealtimeDomain
import Testing

@Suite("Processes that observe lines")
struct LiveProcessesTests {
    private static let now = Instant(seconds: 1_790_000_000)

    @Test("are forgotten once they have been silent for long, and only once")
    func silence() {
        var processes = LiveProcesses()
        func silent(_ now: Instant) -> Set<String> { processes.removeSilent(at: now) }
        processes.hear("a", at: Self.now)
        processes.hear("b", at: Self.now + .seconds(1))
        #expect(silent(Self.now + .seconds(11)) == [])
        #expect(silent(Self.now + LiveProcesses.memory) == ["a"])
        #expect(silent(Self.now + LiveProcesses.memory) == [])
        processes.hear("a", at: Self.now + .seconds(13))
        #expect(silent(Self.now + .seconds(14)) == ["b"])
    }

    @Test("are not blamed for a silence in which no sign of life could be heard")
    func interruption() {
        var processes = LiveProcesses()
        func silent(_ now: Instant) -> Set<String> { processes.removeSilent(at: now) }
        processes.hear("a", at: Self.now)
        processes.excuse(at: Self.now + .seconds(60))
        #expect(silent(Self.now + .seconds(60)) == [])
        #expect(silent(Self.now + .seconds(72)) == ["a"])
    }
}
