import EventLoop
import Testing

@Suite("Work that is requested again while it runs")
struct CoalescerTests {
    @Test("runs once more afterwards, however often it was requested, and one run at a time")
    func once() async {
        await EventLoop.run {
            let coalescer = Coalescer<String>()
            let (begun, gate, done) = (Promise<Void>(), Promise<Void>(), Promise<Void>())
            var (runs, running) = (0, 0)
            @EventLoop func ask() {
                coalescer.run("key") {
                    (runs, running) = (runs + 1, running + 1)
                    #expect(running == 1)
                    if runs == 1 {
                        begun.fulfil()
                        await gate.fulfilment()
                    }
                    running -= 1
                    if runs == 2 { done.fulfil() }
                }
            }
            ask()
            await begun.fulfilment()
            for _ in 0..<5 { ask() }
            gate.fulfil()
            await done.fulfilment()
            #expect(runs == 2)
        }
    }

    @Test("of another key does not wait, and a key can be requested again after its run")
    func keys() async {
        await EventLoop.run {
            let coalescer = Coalescer<Int>()
            let (gate, other, again) = (Promise<Void>(), Promise<Void>(), Promise<Void>())
            coalescer.run(1) { await gate.fulfilment() }
            coalescer.run(2) { other.fulfil() }
            await other.fulfilment()
            gate.fulfil()
            coalescer.run(1) { again.fulfil() }
            coalescer.run(2) { again.fulfil() }
            await again.fulfilment()
        }
    }

    @Test("starts at most once in an interval, for all that was requested meanwhile; the first run does not wait")
    func interval() async {
        await EventLoop.run {
            let interval = Duration.milliseconds(50)
            let coalescer = Coalescer<Int>(interval: interval)
            let done = Promise<Void>()
            var starts: [ContinuousClock.Instant] = []
            @EventLoop func ask() {
                coalescer.run(1) {
                    starts.append(.now)
                    if starts.count < 3 { for _ in 0..<5 { ask() } } else { done.fulfil() }
                }
            }
            let begin = ContinuousClock.now
            ask()
            await done.fulfilment()
            #expect(starts[0] - begin < interval)
            #expect(zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 >= interval })
        }
    }
}
