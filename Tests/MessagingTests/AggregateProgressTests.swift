import GuichetProtocol
import Primitives
import SchedulingTesting
import Testing

@testable import Messaging

@Suite("The order of facts")
struct AggregateProgressTests {
    @Test("facts in any order, with repetitions, are handled once each in the order of their versions")
    func anyOrder() {
        for seed in 0..<200 {
            var chance = SeededGenerator(seed: seed)
            let versions = (1...8).flatMap { Array(repeating: $0, count: chance.int(1...3)) }.shuffled(using: &chance)
            var (progress, handled): ([FollowedAggregate: AggregateProgress], [Int]) = ([:], [])
            var rest = versions[...]
            while !rest.isEmpty {
                var plan = InboxPlan(known: progress, releasing: chance.int(0...3))
                let together = rest.prefix(chance.int(1...4))
                for version in together { plan.add(Self.event(version), isFact: true) }
                rest = rest.dropFirst(together.count)
                (progress, handled) = (plan.progress, handled + plan.handled.map(\.attributes.version))
            }
            var plan = InboxPlan(known: progress, releasing: 8)
            for aggregate in progress.keys { plan.release(aggregate) }
            handled += plan.handled.map(\.attributes.version)
            #expect(handled == Array(1...8), "seed \(seed): \(versions)")
        }
    }

    @Test("of states only those are handled that are newer than all before")
    func states() {
        var plan = InboxPlan(known: [:], releasing: 8)
        for version in [2, 1, 2, 5, 4, 6] { plan.add(Self.event(version), isFact: false) }
        #expect(plan.handled.map(\.attributes.version) == [2, 5, 6])
        #expect(plan.outcomes == [.applied, .repeated, .repeated, .applied, .repeated, .applied])
    }

    @Test("a new generation continues from the version that the restored aggregate has, and drops the lost future")
    func generations() {
        var plan = InboxPlan(known: [:], releasing: 8)
        for version in 1...7 { plan.add(Self.event(version), isFact: true) }
        // Restored to version 5: 6 and 7 are used again.
        plan.add(Self.event(7, generation: 2, start: 6), isFact: true)
        plan.add(Self.event(8), isFact: true)
        plan.add(Self.event(6, generation: 2, start: 6), isFact: true)
        plan.add(Self.event(9), isFact: true)
        let seen = plan.handled.map { AggregateVersion(of: $0.attributes) }
        #expect(seen.map(\.version) == [1, 2, 3, 4, 5, 6, 7, 8, 6, 7])
        #expect(seen.map(\.generation) == [1, 1, 1, 1, 1, 1, 1, 1, 2, 2])
        #expect(plan.outcomes.last == .repeated)
    }

    @Test("what both generations have in common comes first")
    func commonHistory() {
        var plan = InboxPlan(known: [:], releasing: 8)
        for version in 1...3 { plan.add(Self.event(version), isFact: true) }
        plan.add(Self.event(6, generation: 2, start: 6), isFact: true)
        plan.add(Self.event(6), isFact: true)
        plan.add(Self.event(4), isFact: true)
        #expect(plan.handled.count == 4)
        plan.add(Self.event(5), isFact: true)
        let last = plan.handled.suffix(2).map { AggregateVersion(of: $0.attributes) }
        #expect(last == [.init(generation: 1, version: 5), .init(generation: 2, version: 6)])
    }

    @Test("a history of which the publisher has lost the beginning begins with what it has")
    func baseline() {
        var plan = InboxPlan(known: [:], releasing: 8)
        plan.add(Self.event(6), isFact: true)
        plan.add(Self.event(5, beginsHistory: true), isFact: true)
        #expect(plan.handled.map(\.attributes.version) == [5, 6])
        #expect(plan.progress.values.first?.baseline == 5)
        // Of an aggregate that is followed already, a mark changes nothing.
        plan.add(Self.event(9, beginsHistory: true), isFact: true)
        #expect(plan.handled.count == 2)
        plan.begin(FollowedAggregate(of: Self.event(9).attributes), at: .init(generation: 1, version: 9))
        #expect(plan.handled.map(\.attributes.version) == [5, 6, 9])
    }

    static func event(
        _ version: Int, generation: Int? = nil, start: Int? = nil, beginsHistory: Bool = false
    ) -> ReceivedEvent {
        var attributes = EventAttributes(
            id: .new(), name: AppointmentConfirmed.name, aggregate: "1", version: version, tenant: "cabinet-1",
            time: .now, correlation: "", data: Unread())
        (attributes.generation, attributes.generationstart) = (generation, start)
        return ReceivedEvent(attributes: attributes, body: [], beginsHistory: beginsHistory)
    }
}
