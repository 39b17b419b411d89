import Primitives
import Scheduling
import SchedulingTesting
import Testing

@Suite("Alternatives to a lost slot")
struct AlternativesTests {
    @Test("the same practitioner comes first, then later before earlier, then the nearest")
    func order() throws {
        let clinic = try Fixture.clinic()
        let now = Fixture.instant("2026-11-20T05:00:00Z")
        let taken = Allocation(
            resource: Fixture.doctor, range: Fixture.range("2026-11-20T09:30:00Z", "2026-11-20T10:30:00Z"))
        let search = SlotSearch(clinic, allocations: [taken], now: now)
        let day = Fixture.range("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")
        let query = SlotQuery(
            .consultation, at: Fixture.instant("2026-11-20T09:45:00Z"), practitioner: Fixture.doctor)
        let found = search.alternatives(to: query, in: day)
        #expect(
            found == [
                Fixture.slot("2026-11-20T10:30:00Z"), Fixture.slot("2026-11-20T09:00:00Z"),
                Fixture.slot("2026-11-20T08:45:00Z"),
            ])
        let anyPractitioner = SlotQuery(.consultation, at: Fixture.instant("2026-11-20T09:45:00Z"))
        #expect(
            search.alternatives(to: anyPractitioner, in: day).first
                == Fixture.slot("2026-11-20T09:45:00Z", practitioner: Fixture.colleague))
    }

    @Test("are bookable, in order, and as many as there are up to the number wanted", arguments: 0..<300)
    func laws(seed: Int) throws {
        let random = try RandomClinic(seed: 30_000 + seed)
        let search = random.search
        let wanted = SlotQuery(
            .soin, at: random.query.window.start + .seconds(3600), practitioner: random.query.practitioner)
        let all = search.slots(SlotQuery(.soin, startingIn: random.query.window))
        let found = search.alternatives(to: wanted, in: random.query.window)
        #expect(found.count == min(3, all.count))
        for slot in found { #expect(search.isBookable(slot)) }
        for (left, right) in zip(found, found.dropFirst()) { #expect(isBetter(left, than: right, for: wanted)) }
        for other in all where !found.contains(other) {
            #expect(found.allSatisfy { isBetter($0, than: other, for: wanted) })
        }
    }

    private func isBetter(_ left: Slot, than right: Slot, for wanted: SlotQuery) -> Bool {
        func isSame(_ slot: Slot) -> Bool { wanted.practitioner == nil || slot.practitioner == wanted.practitioner }
        func isLater(_ slot: Slot) -> Bool { slot.range.start >= wanted.window.start }
        if isSame(left) != isSame(right) { return isSame(left) }
        if isLater(left) != isLater(right) { return isLater(left) }
        if left.range.start != right.range.start {
            return isLater(left) ? left.range.start < right.range.start : left.range.start > right.range.start
        }
        return left.practitioner < right.practitioner
    }
}
