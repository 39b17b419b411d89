import EventLoop
import Testing

@Suite("Work that is requested again while it runs")
struct CoalescerTests {
    @Test("runs once more afterwards, however often it was requested, and one run at a time")
    func once() async {
        await EventLoop.run {
            let coalescer = Coalescer<String>()
            let (gate, done) = (Promise<Void>(), Promise<Void>())
            var (runs, running) = (0, 0)
            @EventLoop func ask() {
                coalescer.run("key") {
                    (runs, running) = (runs + 1, running + 1)
                    #expect(running == 1)
                    if runs == 1 { await gate.kept() }
                    running -= 1
                    if runs == 2 { done.keep() }
                }
            }
            ask()
            for _ in 0..<5 { ask() }
            gate.keep()
            await done.kept()
            #expect(runs == 2)
        }
    }

    @Test("of another key does not wait, and a key can be requested again after its run")
    func keys() async {
        await EventLoop.run {
            let coalescer = Coalescer<Int>()
            let (gate, other, again) = (Promise<Void>(), Promise<Void>(), Promise<Void>())
            coalescer.run(1) { await gate.kept() }
            coalescer.run(2) { other.keep() }
            await other.kept()
            gate.keep()
            coalescer.run(1) { again.keep() }
            coalescer.run(2) { again.keep() }
            await again.kept()
        }
    }
}
