import Primitives
import Scheduling
import SchedulingTesting
import Testing

@Suite("Slot search against a model of every minute")
struct SlotSearchPropertyTests {
    @Test("finds the same slots in 2,000 random clinics", arguments: 0..<16)
    func sameSlots(batch: Int) throws {
        var found = 0
        for seed in batch * 125..<(batch + 1) * 125 {
            let random = try RandomClinic(seed: seed)
            let slots = random.search.slots(random.query)
            #expect(slots == random.model.slots(random.query), "seed \(seed)")
            found += slots.count
        }
        // A model and a search that find nothing would agree, too.
        #expect(found > 1000)
    }

    @Test("lists exactly the bookable slots, start by start", arguments: 0..<8)
    func listedIsBookable(batch: Int) throws {
        for seed in 10_000 + batch * 25..<10_000 + (batch + 1) * 25 {
            let random = try RandomClinic(seed: seed)
            let search = random.search
            let listed = search.slots(random.query)
            for slot in listed { #expect(search.isBookable(slot), "seed \(seed)") }
            let starts = Dictionary(grouping: listed, by: \.range.start)
            for minute in stride(from: 0, through: 36 * 60, by: 5) {
                let start = Instant(seconds: (random.query.window.start.seconds / 60 + Int64(minute)) * 60)
                guard random.query.window.contains(TimeRange(only: start)) else { continue }
                let query = SlotQuery(
                    .soin, at: start, practitioner: random.query.practitioner, room: random.query.room)
                #expect(search.slots(query) == starts[start] ?? [], "seed \(seed)")
            }
        }
    }

    @Test("within bounds of its own, the search finds what it finds at a time that allows them", arguments: 0..<8)
    func bounds(batch: Int) throws {
        var found = 0
        for seed in 40_000 + batch * 125..<40_000 + (batch + 1) * 125 {
            let random = try RandomClinic(seed: seed)
            let (search, window) = (random.search, random.query.window)
            guard let bounds = TimeRange(search.earliest, search.horizon) else { continue }
            let ahead = SlotSearch(random.clinic, allocations: random.allocations, startingIn: bounds)
            #expect(ahead.slots(random.query) == search.slots(random.query), "seed \(seed)")
            // Two halves equal the whole.
            let noon = window.start + .seconds(Int((window.end - window.start) / .seconds(2)))
            let halves = [TimeRange(window.start, noon), TimeRange(noon, window.end)].compactMap { $0 }.map {
                SlotSearch(random.clinic, allocations: random.allocations, startingIn: $0).slots(random.query)
            }
            let whole = SlotSearch(random.clinic, allocations: random.allocations, startingIn: window)
            #expect(halves.flatMap { $0 } == whole.slots(random.query), "seed \(seed)")
            found += whole.slots(random.query).count
        }
        #expect(found > 1000)
    }

    @Test("a booked slot takes nothing that overlaps it, until the agenda is full", arguments: 0..<40)
    func bookingUp(seed: Int) throws {
        let random = try RandomClinic(seed: 20_000 + seed)
        var allocations: [Allocation] = []
        while true {
            let search = SlotSearch(random.clinic, allocations: allocations, now: random.now)
            guard let slot = search.slots(random.query).first else { break }
            for new in slot.allocations {
                #expect(!allocations.contains { $0.resource == new.resource && $0.range.overlaps(new.range) })
            }
            allocations += slot.allocations
            #expect(!SlotSearch(random.clinic, allocations: allocations, now: random.now).isBookable(slot))
        }
    }

    @Test("the start of a slot is among the origins of the time that it reserves", arguments: 0..<8)
    func origins(batch: Int) throws {
        for seed in 50_000 + batch * 125..<50_000 + (batch + 1) * 125 {
            let random = try RandomClinic(seed: seed)
            for slot in random.search.slots(random.query) {
                let start = TimeRange(only: slot.range.start)
                #expect(TimeRange(only: slot.blocked.start).origins.contains(start), "seed \(seed)")
                #expect(TimeRange(only: slot.blocked.end - .microseconds(1)).origins.contains(start), "seed \(seed)")
            }
        }
    }

    @Test("allocations outside of the reach of a query, or of other resources, do not affect it", arguments: 0..<8)
    func reach(batch: Int) throws {
        var left = 0
        for seed in 30_000 + batch * 125..<30_000 + (batch + 1) * 125 {
            let random = try RandomClinic(seed: seed)
            let (clinic, query) = (random.clinic, random.query)
            let near = random.allocations.filter { allocation in
                allocation.range.overlaps(query.window.reach)
                    && (query.practitioner == nil || query.practitioner == allocation.resource
                        || clinic.resources[allocation.resource]?.kind == .room)
            }
            let search = SlotSearch(clinic, allocations: near, now: random.now)
            #expect(search.slots(query) == random.search.slots(query), "seed \(seed)")
            left += random.allocations.count - near.count
        }
        #expect(left > 100)
    }
}
