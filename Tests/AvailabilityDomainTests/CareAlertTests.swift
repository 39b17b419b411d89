import Primitives
import Scheduling
import SchedulingTesting
import Testing

@testable import AvailabilityDomain

@Suite("Waiting for an early slot")
struct CareAlertTests {
    private func freed() throws -> [FreeSlot] {
        let empty = DayView(bounds: .init(leadTimeMinutes: 0, bookableFrom: Instant(seconds: 0)), cares: [])
        return DayView(of: Fixture.friday, in: try Fixture.clinic(), allocations: [], names: [:]).freed(since: empty)
    }

    private func alert(
        _ careType: CareType, _ window: TimeRange, _ practitioner: Identifier<Resource>? = nil
    ) -> CareAlert {
        CareAlert(
            id: .new(), subscriber: .new(), careType: careType, practitioner: practitioner, window: window)
    }

    @Test("is answered by the first slot of the wanted care in the wanted time")
    func first() throws {
        let window = Fixture.range("2026-11-20T08:10:00Z", "2026-11-20T10:00:00Z")
        let slot = try #require(alert(.chirurgie, window).first(of: try freed()))
        #expect(slot.careType == .chirurgie)
        #expect(slot.start == Fixture.instant("2026-11-20T08:15:00Z"))
    }

    @Test("is not answered by another practitioner, another care or another time")
    func others() throws {
        let day = Fixture.range("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")
        let freed = try freed()
        #expect(alert(.consultation, day, Fixture.colleague).first(of: freed)?.practitioner == Fixture.colleague)
        #expect(alert(.consultation, day, Fixture.firstRoom).first(of: freed) == nil)
        #expect(alert(.urgence, day).first(of: freed) == nil)
        #expect(
            alert(.consultation, Fixture.range("2026-11-20T12:00:00Z", "2026-11-20T13:00:00Z")).first(of: freed) == nil)
    }
}
