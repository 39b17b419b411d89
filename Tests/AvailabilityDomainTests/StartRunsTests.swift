import Primitives
import SchedulingTesting
import Testing

@testable import AvailabilityDomain

@Suite("Starts in few characters")
struct StartRunsTests {
    @Test("are read as they were written", arguments: 0..<200)
    func roundTrip(seed: Int) {
        var random = SeededGenerator(seed: seed)
        var minutes: Set<Int64> = []
        for _ in 0..<random.int(0...60) {
            minutes.insert(29_667_420 + Int64(random.int(0...96) * random.pick([1, 5, 15])))
        }
        let starts = minutes.sorted().map { Instant(seconds: $0 * 60) }
        #expect(StartRuns.starts(StartRuns.text(starts)[...]) == starts)
    }

    @Test("take one run for a whole morning")
    func isShort() {
        let starts = (0..<16).map { Instant(seconds: Int64(29_667_420 + $0 * 15) * 60) }
        #expect(StartRuns.text(starts) == "29667420+15x16")
    }

    @Test(
        "are not what somebody made up",
        arguments: ["x", "1+", "1+2", "1+2x", "1+2x3x4", "1+0x3", "1+2x99999", "-", "9999999999999999"])
    func madeUp(text: String) {
        #expect(StartRuns.starts(text[...]) == nil)
    }
}
