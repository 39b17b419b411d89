import EventLoop
import Testing

@Suite("Runs that equal questions share")
struct JointRunsTests {
    private struct Refused: Error {}

    @Test("begin after each question that they answer, and answer all that waited")
    func joint() async throws {
        try await EventLoop.run { () async throws -> Void in
            let runs = JointRuns<String, Int>()
            let (begun, gate) = (Promise<Void>(), Promise<Void>())
            var count = 0
            @EventLoop func ask(_ question: String = "week") -> Task<Int, any Error> {
                EventLoop.start {
                    try await runs.answer(to: question) {
                        count += 1
                        let run = count
                        if run == 1 {
                            begun.fulfil()
                            await gate.fulfilment()
                        }
                        return run
                    }
                }
            }
            let first = ask()
            await begun.fulfilment()
            let later = (0..<5).map { _ in ask() }
            // Another question does not wait.
            #expect(try await ask("day").value == 2)
            gate.fulfil()
            #expect(try await first.value == 1)
            for run in later { #expect(try await run.value == 3) }
            #expect(try await ask().value == 4)
        }
    }

    @Test("that fail fail for those that share them, and not for the next")
    func failure() async throws {
        try await EventLoop.run { () async throws -> Void in
            let runs = JointRuns<Int, Int>()
            let (begun, gate) = (Promise<Void>(), Promise<Void>())
            let failing = EventLoop.start {
                try await runs.answer(to: 1) {
                    begun.fulfil()
                    await gate.fulfilment()
                    throw Refused()
                }
            }
            await begun.fulfilment()
            let next = EventLoop.start { try await runs.answer(to: 1) { 7 } }
            gate.fulfil()
            await #expect(throws: Refused.self) { try await failing.value }
            #expect(try await next.value == 7)
        }
    }
}
