package import Primitives
package import Scheduling

/// A random clinic, with allocations and a query, from a seed; often on a day when the clocks change.
package struct RandomClinic {
    /// The clinic.
    package let clinic: Clinic
    /// The allocations.
    package let allocations: [Allocation]
    /// The time of the query.
    package let now: Instant
    /// The query.
    package let query: SlotQuery
    private static let practitioners: [Identifier<Resource>] = [Fixture.doctor, Fixture.colleague]
    private static let rooms: [Identifier<Resource>] = [Fixture.firstRoom, Fixture.secondRoom]

    /// The search under test, with this agenda.
    package var search: SlotSearch { SlotSearch(clinic, allocations: allocations, now: now) }
    /// The brute-force model, with the same agenda.
    package var model: MinuteModel { MinuteModel(clinic: clinic, allocations: allocations, now: now) }

    /// Returns the same clinic for the same seed.
    package init(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let zone = random.pick(Self.zones)
        let around = random.pick(zone.changes.map(\.instant) + [Fixture.instant("2026-11-20T00:00:00Z")])
        let windowStart = around + .seconds(random.int(-30 * 3600...12 * 3600))
        let window = valid(TimeRange(windowStart, windowStart + .seconds(random.int(1...36 * 3600))))
        now = windowStart - .seconds(random.int(-6 * 3600...48 * 3600))
        let day = zone.local(around).day
        clinic = Clinic(
            rules: try Fixture.slotRules(
                slotGridMinutes: random.pick([5, 7, 10, 15, 20, 30, 60]),
                leadTimeMinutes: random.pick([0, 0, 1, 60, 1440]), horizonDays: random.int(1...3)),
            zone: zone,
            resources: (Self.practitioners + Self.rooms).map {
                Resource(
                    id: $0, kind: Self.rooms.contains($0) ? .room : .practitioner,
                    hours: Self.hours(around: day, &random))
            },
            careTypes: [
                .soin: try CareTypeSettings(
                    duration: valid(DurationMinutes(random.pick([15, 20, 30, 45, 60, 90, 180]))),
                    bufferBefore: random.pick([0, 0, 5, 30]), bufferAfter: random.pick([0, 0, 10, 45]),
                    practitioners: Array(Self.practitioners.shuffled(using: &random).prefix(random.int(1...2))),
                    rooms: random.once(in: 3) ? nil : Self.rooms.shuffled(using: &random))
            ],
            holidays: random.once(in: 3) ? [day.advanced(by: random.int(-1...1))] : [])
        let minute = window.start.seconds / 60
        allocations = (0..<random.int(0...16)).map { _ in
            let start = minute + Int64(random.int(-200...2400))
            return Allocation(
                resource: random.pick(Self.practitioners + Self.rooms),
                range: valid(
                    TimeRange(Instant(seconds: start * 60), Instant(seconds: (start + Int64(random.int(1...240))) * 60))
                ))
        }
        query = SlotQuery(
            .soin, startingIn: window, practitioner: random.once(in: 3) ? random.pick(Self.practitioners) : nil,
            room: random.once(in: 6) ? random.pick(Self.rooms) : nil)
    }

    /// Fixed; an hour in spring and autumn; half an hour; at midnight, into and out of the previous day; back at one
    /// past midnight.
    private static let zones = [
        Fixture.algiers,
        Fixture.zone(3600, ("2026-03-29T01:00:00Z", 7200), ("2026-10-25T01:00:00Z", 3600)),
        Fixture.zone(39_600, ("2026-04-04T15:00:00Z", 37_800), ("2026-10-03T15:30:00Z", 39_600)),
        Fixture.zone(7200, ("2026-04-23T22:00:00Z", 10_800), ("2026-10-29T21:00:00Z", 7200)),
        Fixture.zone(-9000, ("2026-11-01T02:31:00Z", -12_600)),
    ]

    private static func hours(around day: LocalDay, _ random: inout SeededGenerator) -> OpeningHours {
        var weekly: [Weekday: DayHours] = [:]
        for weekday in Weekday.allCases where !random.once(in: 8) { weekly[weekday] = dayHours(&random) }
        var exceptions: [LocalDay: DayHours] = [:]
        if random.once(in: 3) {
            exceptions[day.advanced(by: random.int(-1...1))] = random.once(in: 2) ? .closed : dayHours(&random)
        }
        return OpeningHours(weekly: weekly, exceptions: exceptions)
    }

    private static func dayHours(_ random: inout SeededGenerator) -> DayHours {
        if random.once(in: 6) { return Fixture.hours(("00:00", "24:00")) }
        let step = random.pick([1, 5, 30])
        let times = Set((0..<2 * random.int(1...3)).map { _ in random.int(0...1440 / step) * step }).sorted()
        let intervals = stride(from: 0, to: times.count - 1, by: 2).compactMap {
            OpeningInterval(valid(MinuteOfDay(minutes: times[$0])), valid(MinuteOfDay(minutes: times[$0 + 1])))
        }
        return valid(DayHours(intervals))
    }
}
