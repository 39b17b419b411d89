import Primitives
import Testing

@Suite("Back-off")
struct BackoffTests {
    private let backoff = Backoff(from: .milliseconds(100), to: .seconds(2))

    @Test("doubles its limit with each failure, up to the maximum")
    func growth() {
        #expect((1...6).map(backoff.limit) == [100, 200, 400, 800, 1600, 2000].map { .milliseconds($0) })
        #expect(backoff.limit(after: 0) == .milliseconds(100))
        #expect(backoff.limit(after: .max) == .seconds(2))
    }

    @Test("draws each pause from the whole range, so that clients spread out")
    func jitter() {
        let pauses = (0..<1000).map { _ in backoff.pause(after: 3) }
        #expect(pauses.allSatisfy { $0 >= .zero && $0 <= .milliseconds(400) })
        #expect(pauses.contains { $0 < .milliseconds(100) } && pauses.contains { $0 > .milliseconds(300) })
    }
}
