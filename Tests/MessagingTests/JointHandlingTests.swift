import EventLoop
import Testing

@testable import Messaging

@Suite("Elements that several callers bring at nearly the same time")
struct JointHandlingTests {
    private typealias Joint = JointHandling<String, Int, [Int]>

    @Test("of an idle key are handled at once; those that arrive meanwhile together afterwards")
    func joined() async {
        await EventLoop.run {
            let joint = Joint(gatheringTime: .milliseconds(1), busyTime: .seconds(60))
            let (begun, gate) = (Promise<Void>(), Promise<Void>())
            var batches: [[Int]] = []
            let first = EventLoop.start {
                await joint.handle([1], of: "key") { elements in
                    batches.append(elements)
                    begun.fulfil()
                    await gate.fulfilment()
                    return elements
                }
            }
            await begun.fulfilment()
            let others = [[2], [3, 4], [5]].map { elements in
                EventLoop.start {
                    await joint.handle(elements, of: "key") { elements in
                        batches.append(elements)
                        return elements
                    }
                }
            }
            // Another key does not wait.
            #expect(await joint.handle([9], of: "other") { $0 } == [9])
            #expect(batches == [[1]])
            gate.fulfil()
            #expect(await first.value == [1])
            for other in others { #expect(await other.value == [2, 3, 4, 5]) }
            #expect(batches == [[1], [2, 3, 4, 5]])
        }
    }

    @Test("gather for a moment just after a batch")
    func busy() async {
        await EventLoop.run {
            let joint = Joint(gatheringTime: .milliseconds(30), busyTime: .seconds(60))
            @EventLoop func handle(_ element: Int) async -> [Int] {
                await joint.handle([element], of: "key") { $0 }
            }
            #expect(await handle(1) == [1])
            let (second, third) = (EventLoop.start { await handle(2) }, EventLoop.start { await handle(3) })
            #expect(await second.value == [2, 3])
            #expect(await third.value == [2, 3])
        }
    }
}
