import BookingDomain
import Primitives
import Scheduling
import SchedulingTesting
import Testing

@Suite("Claiming a slot")
struct ClaimTests {
    private let now = Fixture.instant("2026-11-20T05:00:00Z")

    @Test("the first slot that the search lists is given")
    func given() throws {
        let search = SlotSearch(try Fixture.clinic(), allocations: [], now: now)
        let query = SlotQuery(.chirurgie, at: Fixture.instant("2026-11-20T08:00:00Z"))
        #expect(try search.claim(query) == search.slots(query).first)
    }

    @Test(
        "a claim that fails says why",
        arguments: [
            ("2026-11-20T08:00:00Z", "slot-taken"), ("2026-11-20T08:15:00Z", "slot-taken"),
            ("2026-11-20T08:07:00Z", "slot-outside-hours"), ("2026-11-20T10:45:00Z", "slot-outside-hours"),
            ("2026-11-20T06:59:59Z", "slot-too-soon"), ("2026-11-22T23:00:00Z", "slot-beyond-horizon"),
            ("2026-11-22T22:59:59Z", "slot-outside-hours"),
        ])
    func reasons(start: String, slug: String) throws {
        let clinic = try Fixture.clinic(rules: Fixture.slotRules(leadTimeMinutes: 120, horizonDays: 2))
        let taken = Fixture.range("2026-11-20T08:00:00Z", "2026-11-20T09:00:00Z")
        let search = SlotSearch(
            clinic, allocations: [Allocation(resource: Fixture.doctor, range: taken)], now: now)
        let query = SlotQuery(.consultation, at: Fixture.instant(start), practitioner: Fixture.doctor)
        #expect(Result { () throws(BookingError) in try search.claim(query) }.slug == slug)
    }

    @Test("care that the clinic does not give is refused as such")
    func notOffered() throws {
        let search = SlotSearch(try Fixture.clinic(), allocations: [], now: now)
        let query = SlotQuery(.orthodontie, at: Fixture.instant("2026-11-20T08:00:00Z"))
        #expect(throws: BookingError.careTypeNotOffered) { try search.claim(query) }
    }
}
