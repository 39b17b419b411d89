import Primitives
import Scheduling
import SchedulingTesting
import Testing

@testable import AvailabilityDomain

@Suite("The view of a day")
struct DayViewTests {
    @Test("is the same after it was written and read", arguments: 0..<50)
    func roundTrip(seed: Int) throws {
        let random = try RandomClinic(seed: seed)
        let view = random.view(of: random.day)
        #expect(DayView(view.text) == view)
        #expect(DayView(view.text, only: .soin)?.cares == view.cares.filter { $0.careType == .soin })
        #expect(DayView(view.text, only: .urgence)?.cares == [])
    }

    @Test(
        "is nothing else than what was written",
        arguments: ["", "30", "30 x", "30 5\nsoin 3", "30 5\n*soin 30\nDr A", "30 5\n*soin x"])
    func damaged(text: String) {
        #expect(DayView(text) == nil)
    }

    /// The searches of readers, put together from the views of days, against the brute-force model that shares no code
    /// with them: 20,000 starts, one by one, each of which is listed if and only if it is bookable.
    @Test("lists what is bookable, and all of it, start by start", arguments: 0..<20)
    func listedIsBookable(batch: Int) throws {
        var (probes, listed) = (0, 0)
        for seed in 70_000 + batch * 20..<70_000 + (batch + 1) * 20 {
            let random = try RandomClinic(seed: seed)
            let window = random.query.window
            let bookable = Set(
                random.model.slots(SlotQuery(.soin, startingIn: window)).map { Start($0.range.start, $0.practitioner) })
            let found = random.read(window)
            #expect(found.count == Set(found).count, "seed \(seed)")
            var generator = SeededGenerator(seed: seed)
            let minutes = Int((window.end - window.start) / .seconds(60))
            for _ in 0..<50 {
                let probe = Instant(seconds: (window.start.seconds / 60 + Int64(generator.int(0...minutes))) * 60)
                for practitioner in [Fixture.doctor, Fixture.colleague] {
                    let start = Start(probe, practitioner)
                    #expect(found.contains(start) == bookable.contains(start), "seed \(seed) \(probe)")
                }
                probes += 1
            }
            #expect(Set(found) == bookable, "seed \(seed)")
            listed += found.count
        }
        #expect(probes == 1000 && listed > 50)
    }

    @Test("tells what has become free")
    func freed() throws {
        let clinic = try Fixture.clinic()
        let day = Fixture.friday
        let taken = Allocation(
            resource: Fixture.doctor, range: Fixture.range("2026-11-20T08:00:00Z", "2026-11-20T08:30:00Z"))
        let openings = DayView.openings(of: day, in: clinic)
        let before = DayView(of: day, in: clinic, allocations: [taken], openings: openings, names: [:])
        let after = DayView(of: day, in: clinic, allocations: [], openings: openings, names: [:])
        let consultations = after.freed(since: before).filter { $0.careType == .consultation }
        #expect(
            consultations.map(\.start) == ["07:45", "08:00", "08:15"].map { Fixture.instant("2026-11-20T\($0):00Z") })
        #expect(before.freed(since: after).isEmpty)
    }

    @Test("offers nothing before its day comes within the horizon, nor within the lead time")
    func bounds() {
        let bounds = DayView.Bounds(leadTimeMinutes: 90, bookableFrom: Fixture.instant("2026-11-20T23:00:00Z"))
        #expect(bounds.earliest(at: Fixture.instant("2026-11-20T22:59:59Z")) == nil)
        #expect(bounds.earliest(at: Fixture.instant("2026-11-20T23:00:00Z")) == Fixture.instant("2026-11-21T00:30:00Z"))
    }
}

/// When, and with whom.
private struct Start: Hashable {
    let start: Instant
    let practitioner: Identifier<Resource>

    init(_ start: Instant, _ practitioner: Identifier<Resource>) {
        (self.start, self.practitioner) = (start, practitioner)
    }
}

extension RandomClinic {
    fileprivate var day: LocalDay { clinic.zone.local(query.window.start).day }

    /// The view of a day as it is published: only what its reach asks for is known to it.
    fileprivate func view(of day: LocalDay) -> DayView {
        let reach = DayView.reach(of: day...day, in: clinic.zone)
        return DayView(
            of: day, in: clinic,
            allocations: allocations.filter { allocation in reach?.overlaps(allocation.range) ?? false },
            openings: DayView.openings(of: day, in: clinic),
            names: [Fixture.doctor: "Dr Amina", Fixture.colleague: "Dr Karim * 30"])
    }

    /// What a reader finds in `window`, from the texts of all days that may have some of it.
    fileprivate func read(_ window: TimeRange) -> [Start] {
        let days =
            clinic.zone.local(window.start).day.advanced(by: -1)...clinic.zone.local(window.end).day.advanced(by: 1)
        return days.flatMap { day -> [Start] in
            guard let view = DayView(self.view(of: day).text, only: .soin), let care = view.cares.first,
                let earliest = view.bounds.earliest(at: now),
                let open = TimeRange(max(window.start, earliest), window.end)
            else { return [] }
            return care.slots(in: open).map { Start($0.start, $0.practitioner) }
        }
    }
}
