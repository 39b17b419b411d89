import Primitives
import Scheduling
import Testing

@testable import AvailabilityService

@Suite("What standards make of slots")
struct StandardsTests {
    private let id = "01a1faa0d37073b4821c389a0c65bf5e-29667420-consultation"

    @Test("the id of a slot tells which it is")
    func slotID() throws {
        let slot = try #require(SlotID(id))
        #expect(slot.practitioner.description == "01a1faa0-d370-73b4-821c-389a0c65bf5e")
        #expect(slot.start == Instant(seconds: 29_667_420 * 60))
        #expect(slot.careType == .consultation)
        #expect(slot.description == id)
    }

    @Test("every id fits FHIR, and reads back as itself", arguments: CareType.allCases)
    func everyCareType(careType: CareType) throws {
        let slot = SlotID(practitioner: .new(), start: Instant(seconds: 4_000_000_000 / 60 * 60), careType: careType)
        #expect(slot.description.wholeMatch(of: /[A-Za-z0-9.\-]{1,64}/) != nil)
        #expect(SlotID(slot.description) == slot)
    }

    @Test(
        "text that no id was written as is none",
        arguments: [
            "", "consultation", "01a1faa0d37073b4821c389a0c65bf5e-29667420",
            "01a1faa0d37073b4821c389a0c65bf5e-29667420-massage", "01A1FAA0D37073B4821C389A0C65BF5E-29667420-soin",
            "01a1faa0d37073b4821c389a0c65bf5e-029667420-soin", "01a1faa0d37073b4821c389a0c65bf5e--5-soin",
            "01a1faa0d37073b4821c389a0c65bf5e-9223372036854775807-soin",
            "01a1faa0-d370-73b4-821c-389a0c65bf5e-29667420-soin", "01a1faa0d37073b4821c389a0c65bf5e-29667420-soin-",
        ])
    func notAnID(text: String) {
        #expect(SlotID(text) == nil)
    }

    @Test(
        "a date is a whole day on the clinic's clock, an instant a second",
        arguments: [
            ("ge2026-11-20", "2026-11-19T23:00:00Z", "2026-12-01T00:00:00Z"),
            ("gt2026-11-20", "2026-11-20T23:00:00Z", "2026-12-01T00:00:00Z"),
            ("le2026-11-20", "2026-11-01T00:00:00Z", "2026-11-20T23:00:00Z"),
            ("lt2026-11-20", "2026-11-01T00:00:00Z", "2026-11-19T23:00:00Z"),
            ("2026-11-20", "2026-11-19T23:00:00Z", "2026-11-20T23:00:00Z"),
            ("eq2026-11-20", "2026-11-19T23:00:00Z", "2026-11-20T23:00:00Z"),
            ("ge2026-11-20T08:30:00Z", "2026-11-20T08:30:00Z", "2026-12-01T00:00:00Z"),
            ("gt2026-11-20T09:30:00+01:00", "2026-11-20T08:30:01Z", "2026-12-01T00:00:00Z"),
            ("le2026-11-20T08:30:00Z", "2026-11-01T00:00:00Z", "2026-11-20T08:30:01Z"),
            ("lt2026-11-20T08:30:00Z", "2026-11-01T00:00:00Z", "2026-11-20T08:30:00Z"),
        ])
    func dates(text: String, start: String, end: String) throws {
        let algiers = try #require(ZoneOffsets(initial: 3600))
        let month = try #require(range("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"))
        #expect(DateSearch(wire: text)?.narrowed(month, in: algiers) == range(start, end))
    }

    @Test("what is out of the period is not found, and no date is refused")
    func noDates() throws {
        let utc = try #require(ZoneOffsets(initial: 0))
        let month = try #require(range("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"))
        #expect(DateSearch(wire: "ge2026-12-01")?.narrowed(month, in: utc) == nil)
        #expect(DateSearch(wire: "lt2026-11-01")?.narrowed(month, in: utc) == nil)
        for text in ["", "ge", "ne2026-11-20", "2026-11", "ge2026-02-30", "2026-11-20T08:30", "ge 2026-11-20"] {
            #expect(DateSearch(wire: text) == nil, "\(text)")
        }
    }

    @Test(
        "a deep link keeps the address that it is added to",
        arguments: [
            ("https://rdv.exemple.dz", "https://rdv.exemple.dz?slot=%"),
            ("https://rdv.exemple.dz/cabinet/", "https://rdv.exemple.dz/cabinet/?slot=%"),
            (
                "https://rdv.exemple.dz/?lieu=B%C3%A9ja%C3%AFa&a=1+1",
                "https://rdv.exemple.dz/?lieu=B%C3%A9ja%C3%AFa&a=1+1&slot=%"
            ),
        ])
    func deepLinks(address: String, pattern: String) throws {
        let slot = try #require(SlotID(id))
        let expected = pattern.replacing("slot=%", with: "slot=\(id)")
        #expect(BookingLink(address)?.link(to: slot) == expected)
    }

    private func range(_ start: String, _ end: String) -> TimeRange? {
        guard let start = Instant(rfc3339: start), let end = Instant(rfc3339: end) else { return nil }
        return TimeRange(start, end)
    }
}
