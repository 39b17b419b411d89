import EventLoop
import Glibc
import Testing

@Suite("The event loop")
struct EventLoopTests {
    @Test("keeps its code on one thread, including helpers that are isolated to nothing")
    func isolation() async {
        #expect(await Self.onLoop())
        #expect(!EventLoop.isCurrent)
    }

    @EventLoop private static func onLoop() async -> Bool {
        let helper = await Self.anywhere()
        await Self.away()
        return helper && EventLoop.isCurrent
    }

    private static func anywhere() async -> Bool { EventLoop.isCurrent }
    @concurrent private static func away() async {}

    @Test("resumes the tasks that it starts on its own thread")
    func tasks() async throws {
        #expect(await EventLoop.start(name: "named") { await Self.isResumedOnLoop() }.value)
        #expect(await Task { @EventLoop in await !Self.isResumedOnLoop() }.value)
        await #expect(throws: CancellationError.self) {
            let task = EventLoop.start { try await EventLoop.sleep(for: .seconds(60)) }
            task.cancel()
            try await task.value
        }
    }

    /// Returns true if the task is resumed on the loop after code that is isolated to nothing.
    @concurrent private static func isResumedOnLoop() async -> Bool {
        await withCheckedContinuation { continuation in EventLoop.start { continuation.resume() } }
        return EventLoop.isCurrent
    }

    @Test("a promise is fulfilled once, before or after the wait")
    @EventLoop func promises() async {
        let (early, late) = (Promise<Int>(), Promise<Int>())
        #expect(early.fulfil(1))
        #expect(!early.fulfil(2))
        EventLoop.schedule(after: .milliseconds(1)) { late.fulfil(3) }
        #expect(await early.fulfilment() == 1)
        #expect(await late.fulfilment() == 3)
    }

    @Test("runs timers in the order of their deadlines and skips the cancelled")
    func timers() async throws {
        let order = await Self.firedTimers()
        #expect(order == [1, 2, 4])
    }

    @EventLoop private static func firedTimers() async -> [Int] {
        var order: [Int] = []
        for index in [4, 2, 3, 1] {
            let timer = EventLoop.schedule(after: .milliseconds(5 * index)) { order.append(index) }
            if index == 3 { timer.cancel() }
        }
        await withCheckedContinuation { continuation in
            EventLoop.schedule(after: .milliseconds(40)) { continuation.resume() }
        }
        return order
    }

    @Test("releases cancelled timers long before their deadlines, and runs the others")
    func cancelledTimers() async {
        struct Reference { weak var timer: LoopTimer? }
        await EventLoop.run {
            let isOver = Promise<Void>()
            var references: [Reference] = []
            for number in 0..<1000 {
                let timer = EventLoop.schedule(after: .seconds(1000 + number)) {}
                references.append(Reference(timer: timer))
                if number == 500 { EventLoop.schedule(after: .milliseconds(1)) { isOver.fulfil() } }
            }
            for reference in references { reference.timer?.cancel() }
            #expect(references.count { $0.timer != nil } < 100)
            await isOver.fulfilment()
        }
    }

    @Test("ends a sleep when its task is cancelled")
    func cancelledSleep() async {
        let task = Task { try await EventLoop.sleep(for: .seconds(60)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("reports a readable descriptor until it is unwatched")
    func descriptors() async throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let (reader, writer) = (ends[0], ends[1])
        #expect(await Self.timesReadable(reader, writer) == 1)
        close(reader)
        close(writer)
    }

    @EventLoop private static func timesReadable(_ reader: Int32, _ writer: Int32) async -> Int {
        var calls = 0
        await withCheckedContinuation { continuation in
            EventLoop.watch(reader, for: .read) { _ in
                calls += 1
                EventLoop.unwatch(reader)
                continuation.resume()
            }
            _ = write(writer, "x", 1)
        }
        try? await EventLoop.sleep(for: .milliseconds(10))  // Time for a second call, which must not come.
        return calls
    }

    @Test("stays free while blocking work runs, and refuses work beyond the limit")
    func blockingPool() async throws {
        let (pool, begun) = (BlockingPool(threads: 1, waiting: 1), Promise<Void>())
        var door: [Int32] = [0, 0]
        pipe(&door)
        let (outside, inside) = (door[1], door[0])
        let slow = Task.immediate {
            try await pool.run {
                EventLoop.start { begun.fulfil() }
                var byte: UInt8 = 0
                _ = read(inside, &byte, 1)
            }
        }
        await begun.fulfilment()
        let queued = Task.immediate { try await pool.run { 7 } }
        await #expect(throws: BlockingPool.Saturated.self) { try await pool.run {} }
        close(outside)
        try await slow.value
        close(inside)
        #expect(try await queued.value == 7)
    }
}
