import Primitives
import Scheduling
import SchedulingTesting
import Testing

@Suite("The hours of a clinic")
struct ClinicHoursTests {
    /// 8 to 12 in Algiers is 7 to 11 in UTC.
    @Test(
        "slots outside the hours of their practitioner are found",
        arguments: [
            ("2026-11-20T07:00:00Z", false), ("2026-11-20T10:30:00Z", false), ("2026-11-20T10:31:00Z", true),
            ("2026-11-20T06:59:00Z", true), ("2026-11-20T20:00:00Z", true),
        ])
    func outside(start: String, isOutside: Bool) throws {
        let slot = Fixture.slot(start)
        #expect(try Fixture.clinic().outsideHours([slot]) == (isOutside ? [slot] : []))
    }

    @Test("a holiday, a closed day or a deleted resource leaves all its slots outside")
    func closed() throws {
        let slots = [Fixture.slot(), Fixture.slot("2026-11-21T08:00:00Z")]
        let holiday = try Fixture.clinic(holidays: [Fixture.friday])
        #expect(holiday.outsideHours(slots) == [slots[0]])
        let away = Fixture.everyDay(Fixture.hours(("08:00", "12:00")), exceptions: [Fixture.friday: .closed])
        #expect(try Fixture.clinic(hours: away).outsideHours(slots) == [slots[0]])
        let gone = Fixture.slot(practitioner: Fixture.id(99))
        #expect(try Fixture.clinic().outsideHours([gone]) == [gone])
        #expect(try Fixture.clinic().outsideHours([]).isEmpty)
    }

    @Test("every slot of the search is within the hours")
    func listed() throws {
        let clinic = try Fixture.clinic()
        let search = SlotSearch(clinic, allocations: [], now: Fixture.instant("2026-11-19T00:00:00Z"))
        let week = Fixture.range("2026-11-20T00:00:00Z", "2026-11-27T00:00:00Z")
        for careType in [CareType.consultation, .chirurgie] {
            let slots = search.slots(SlotQuery(careType, startingIn: week))
            #expect(!slots.isEmpty)
            #expect(clinic.outsideHours(slots).isEmpty)
        }
    }

    @Test("open minutes are those of the wall clock's hours that exist")
    func minutes() throws {
        let days = Fixture.friday...Fixture.friday.advanced(by: 2)
        let clinic = try Fixture.clinic(holidays: [Fixture.friday])
        let doctor = try #require(clinic.resources[Fixture.doctor])
        #expect(clinic.openMinutes(of: doctor, on: days) == 2 * 240)
        // At 01:00 UTC the clock goes from 02:00 to 03:00: an hour of the night does not exist.
        let zone = Fixture.zone(3600, ("2026-11-20T01:00:00Z", 7200))
        let night = try Fixture.clinic(zone: zone, hours: Fixture.everyDay(Fixture.hours(("01:00", "04:00"))))
        #expect(night.openMinutes(of: doctor.with(night), on: Fixture.friday...Fixture.friday) == 120)
    }
}

extension Resource {
    /// The same resource as defined by another clinic.
    fileprivate func with(_ clinic: Clinic) -> Resource { clinic.resources[id] ?? self }
}
