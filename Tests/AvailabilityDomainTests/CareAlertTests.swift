import AvailabilityDomain
import Primitives
import Scheduling
import Testing

@Suite("Waiting for an early slot")
struct CareAlertTests {
    private static let now = Instant(seconds: 1_795_000_000)
    private static let day: Duration = .seconds(86_400)

    @Test("a window lies ahead, and within half a year")
    func window() {
        let (now, day) = (Self.now, Self.day)
        #expect(CareAlert.window(now, now + day, at: now) == TimeRange(now, now + day))
        #expect(CareAlert.window(now - day, now + day, at: now) != nil)
        #expect(CareAlert.window(now, now + day * 180, at: now) != nil)
        for (from, to) in [
            (now + day, now), (now, now), (now - day * 2, now - day), (now, now + day * 181),
            (now - day * 180, now + day),
        ] { #expect(CareAlert.window(from, to, at: now) == nil) }
    }

    @Test("the first slot that fits is the one")
    func first() throws {
        let (amina, karim) = (Identifier<Resource>.new(), Identifier<Resource>.new())
        let earlier = Self.view([])
        let later = Self.view([(amina, [3, 5]), (karim, [4])])
        let freed = later.freed(since: earlier)
        #expect(freed.map(\.start) == [3, 4, 5].map(Self.instant))
        func first(_ careType: CareType = .soin, _ practitioner: Identifier<Resource>? = nil, from: Int = 0) -> Instant?
        {
            guard let window = TimeRange(Self.instant(from), Self.instant(6)) else { return nil }
            let alert = CareAlert(
                id: .new(), subscriber: .new(), careType: careType, practitioner: practitioner, window: window)
            return alert.first(of: freed)?.start
        }
        #expect(first() == Self.instant(3))
        #expect(first(from: 4) == Self.instant(4))
        #expect(first(.soin, karim) == Self.instant(4))
        #expect(first(.chirurgie) == nil && first(.soin, .new()) == nil)
        #expect(later.freed(since: later).isEmpty)
    }

    private static func instant(_ hour: Int) -> Instant { now + .seconds(hour * 3600) }

    private static func view(_ free: [(Identifier<Resource>, [Int])]) -> DayView {
        let offers = free.map { practitioner, hours in
            DayView.Offer(practitioner: practitioner, name: "Dr", free: hours.map(instant), taken: [])
        }
        return DayView(
            bounds: .init(leadTimeMinutes: 0, bookableFrom: now),
            cares: [.init(careType: .soin, durationMinutes: 30, offers: offers)])
    }
}
