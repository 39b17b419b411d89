import Primitives
import Scheduling
import SchedulingTesting
import Testing

@Suite("Searching slots")
struct SlotSearchTests {
    private let now = Fixture.instant("2026-11-20T05:00:00Z")
    private let morning = Fixture.range("2026-11-20T00:00:00Z", "2026-11-20T20:00:00Z")

    private func starts(_ slots: [Slot]) -> [String] {
        slots.map { "\(Fixture.algiers.local($0.range.start).minute)" }
    }

    private func search(_ clinic: Clinic, _ taken: [(Identifier<Resource>, TimeRange)] = []) -> SlotSearch {
        let allocations = taken.map { Allocation(resource: $0, range: $1) }
        return SlotSearch(clinic, allocations: allocations, now: now)
    }

    @Test("a consultation starts on each quarter of an hour and ends before noon")
    func grid() throws {
        let slots = search(try Fixture.clinic()).slots(
            SlotQuery(.consultation, startingIn: morning, practitioner: Fixture.doctor))
        #expect(starts(slots).first == "08:00")
        #expect(starts(slots).last == "11:30")
        #expect(slots.count == 15)
    }

    @Test("the grid starts with the opening, not with the hour")
    func gridFromOpening() throws {
        let clinic = try Fixture.clinic(hours: Fixture.everyDay(Fixture.hours(("08:10", "09:00"))))
        let slots = search(clinic).slots(SlotQuery(.consultation, startingIn: morning, practitioner: Fixture.doctor))
        #expect(starts(slots) == ["08:10", "08:25"])
    }

    @Test("buffers count between appointments but may reach outside the opening hours")
    func buffers() throws {
        let clinic = try Fixture.clinic()
        let query = SlotQuery(.chirurgie, startingIn: morning, practitioner: Fixture.doctor)
        #expect(starts(search(clinic).slots(query)).first == "08:00")
        #expect(starts(search(clinic).slots(query)).last == "11:00")
        let noon = Fixture.range("2026-11-20T08:00:00Z", "2026-11-20T08:10:00Z")
        let around = search(clinic, [(Fixture.doctor, noon)]).slots(query)
        #expect(starts(around) == ["09:30", "09:45", "10:00", "10:15", "10:30", "10:45", "11:00"])
        #expect(around.first?.blocked == Fixture.range("2026-11-20T08:20:00Z", "2026-11-20T09:50:00Z"))
    }

    @Test("the preferred room is given while it is free, then the next, then none")
    func rooms() throws {
        let clinic = try Fixture.clinic()
        let query = SlotQuery(.chirurgie, at: Fixture.instant("2026-11-20T08:00:00Z"), practitioner: Fixture.doctor)
        let hour = Fixture.range("2026-11-20T08:00:00Z", "2026-11-20T09:00:00Z")
        #expect(search(clinic).slots(query).map(\.room) == [Fixture.secondRoom])
        let second = search(clinic, [(Fixture.secondRoom, hour)])
        #expect(second.slots(query).map(\.room) == [Fixture.firstRoom])
        let full = search(clinic, [(Fixture.secondRoom, hour), (Fixture.firstRoom, hour)])
        #expect(full.slots(query).isEmpty)
    }

    @Test("a slot stays bookable in its room when a better room becomes free")
    func roomStays() throws {
        let clinic = try Fixture.clinic()
        let start = Fixture.instant("2026-11-20T08:00:00Z")
        let slot = try #require(
            search(clinic).slots(SlotQuery(.chirurgie, at: start, room: Fixture.firstRoom)).first)
        #expect(slot.room == Fixture.firstRoom)
        #expect(search(clinic).isBookable(slot))
    }

    @Test("a named room finds nothing for care that takes none")
    func needlessRoom() throws {
        let query = SlotQuery(.consultation, startingIn: morning, room: Fixture.firstRoom)
        #expect(search(try Fixture.clinic()).slots(query).isEmpty)
    }

    @Test("a resource of the wrong kind, or an unknown one, gives no slot")
    func wrongKind() throws {
        let clinic = try Fixture.clinic()
        let care = try CareTypeSettings(
            duration: valid(DurationMinutes(30)), practitioners: [Fixture.firstRoom, Fixture.id(99)])
        let inRoom = try CareTypeSettings(
            duration: valid(DurationMinutes(30)), practitioners: [Fixture.doctor], rooms: [Fixture.colleague])
        let broken = Clinic(
            rules: clinic.rules, zone: clinic.zone, resources: Array(clinic.resources.values),
            careTypes: [.soin: care, .urgence: inRoom])
        #expect(search(broken).slots(SlotQuery(.soin, startingIn: morning)).isEmpty)
        #expect(search(broken).slots(SlotQuery(.urgence, startingIn: morning)).isEmpty)
    }

    @Test("a holiday closes the day, an exception opens it again")
    func holidays() throws {
        let query = SlotQuery(.consultation, startingIn: morning, practitioner: Fixture.doctor)
        let closed = try Fixture.clinic(holidays: [Fixture.friday])
        #expect(search(closed).slots(query).isEmpty)
        let onDuty = try Fixture.clinic(
            hours: Fixture.everyDay(
                Fixture.hours(("08:00", "12:00")), exceptions: [Fixture.friday: Fixture.hours(("09:00", "09:30"))]),
            holidays: [Fixture.friday])
        #expect(starts(search(onDuty).slots(query)) == ["09:00"])
    }

    @Test("openings that touch at midnight are one, and each begins a grid of its own")
    func midnight() throws {
        let allDay = Fixture.everyDay(Fixture.hours(("00:00", "24:00")))
        let rules = try Fixture.slotRules(slotGridMinutes: 50)
        let clinic = try Fixture.clinic(rules: rules, hours: allDay)
        let night = Fixture.range("2026-11-20T21:00:00Z", "2026-11-21T00:30:00Z")
        let found = search(clinic).slots(SlotQuery(.consultation, startingIn: night, practitioner: Fixture.doctor))
        #expect(starts(found) == ["22:30", "23:20", "00:00", "00:50"])
        let later = search(clinic, [(Fixture.doctor, Fixture.range("2026-11-20T23:05:00Z", "2026-11-20T23:10:00Z"))])
        #expect(
            starts(later.slots(SlotQuery(.consultation, startingIn: night, practitioner: Fixture.doctor)))
                == ["22:30", "23:20", "00:50"])
        let evenings = Fixture.everyDay(Fixture.hours(("20:00", "24:00")))
        let closed = search(try Fixture.clinic(rules: rules, hours: evenings))
            .slots(SlotQuery(.consultation, startingIn: night, practitioner: Fixture.doctor))
        #expect(starts(closed) == ["22:30", "23:20"])
    }

    @Test("the clinic's reception is not bound by the lead time")
    func leadTime() throws {
        let clinic = try Fixture.clinic(rules: Fixture.slotRules(leadTimeMinutes: 600))
        let query = SlotQuery(.consultation, startingIn: morning, practitioner: Fixture.doctor)
        let now = Fixture.instant("2026-11-20T08:05:00Z")
        #expect(SlotSearch(clinic, allocations: [], now: now).slots(query).isEmpty)
        let free = SlotSearch(clinic, allocations: [], now: now, isBoundByLeadTime: false).slots(query)
        #expect(starts(free).first == "09:15")
    }

    @Test("care that the clinic does not give has no slots")
    func notOffered() throws {
        #expect(search(try Fixture.clinic()).slots(SlotQuery(.orthodontie, startingIn: morning)).isEmpty)
    }

    @Test("lead time and horizon are exact: the first instant allowed is bookable, one microsecond before is not")
    func edges() throws {
        let rules = try Fixture.slotRules(leadTimeMinutes: 60, horizonDays: 1)
        let allDay = Fixture.everyDay(Fixture.hours(("00:00", "24:00")))
        let clinic = try Fixture.clinic(rules: rules, hours: allDay)
        let start = Fixture.instant("2026-11-20T08:00:00Z")
        let query = SlotQuery(.consultation, at: start)
        let justInTime = start - .seconds(3600)
        #expect(!SlotSearch(clinic, allocations: [], now: justInTime).slots(query).isEmpty)
        #expect(SlotSearch(clinic, allocations: [], now: justInTime + .microseconds(1)).slots(query).isEmpty)
        let days = Fixture.range("2026-11-20T00:00:00Z", "2026-12-20T00:00:00Z")
        let all = SlotSearch(clinic, allocations: [], now: now).slots(SlotQuery(.consultation, startingIn: days))
        #expect(all.last?.range == Fixture.range("2026-11-21T22:45:00Z", "2026-11-21T23:15:00Z"))
    }

    @Test("allocations are listed by resource, whatever practitioner and room are called")
    func allocationOrder() {
        let range = Fixture.range("2026-11-20T08:00:00Z", "2026-11-20T09:00:00Z")
        let slot = Slot(
            careType: .soin, practitioner: Fixture.id(500), room: Fixture.id(3), range: range, blocked: range)
        #expect(slot.allocations.map(\.resource) == [Fixture.id(3), Fixture.id(500)])
    }
}
