package import Primitives
package import Scheduling

/// Bookable slots by brute force: it checks for every minute of the period whether each resource is open and free.
///
/// It shares no code with the search. A clock that is set back does not reopen a clinic, so hours follow the latest
/// time that the wall clock has reached. Allocations and offsets must be whole minutes.
package struct MinuteModel {
    let clinic: Clinic
    let allocations: [Allocation]
    let now: Instant

    /// A model of the slots that can be booked at `now`.
    package init(clinic: Clinic, allocations: [Allocation], now: Instant) {
        (self.clinic, self.allocations, self.now) = (clinic, allocations, now)
    }

    /// The bookable slots by start, then by practitioner.
    package func slots(_ query: SlotQuery) -> [Slot] {
        guard let care = clinic.careTypes[query.careType] else { return [] }
        // An opening lasts at most a day and the hour by which the clock is set back; an appointment with buffers, 5
        // hours.
        let first = Int(query.window.start.seconds) / 60 - 26 * 60
        let last = Int(query.window.end.seconds) / 60 + 6 * 60
        let reached = latestWallClock(first...last)
        let agendas = clinic.resources.mapValues { agenda(of: $0, from: first, reached) }
        let today = wallClock(Int(now.seconds) / 60) / 1440
        let starts = (0..<reached.count).filter { index in
            let start = Instant(seconds: Int64(first + index) * 60)
            return query.window.start <= start && start < query.window.end
                && start.microseconds - now.microseconds >= Int64(clinic.rules.leadTimeMinutes) * 60_000_000
                && reached[index] / 1440 <= today + clinic.rules.horizonDays
        }
        var found: [Slot] = []
        for index in starts {
            for practitioner in care.practitioners.sorted() where query.practitioner ?? practitioner == practitioner {
                guard clinic.resources[practitioner]?.kind == .practitioner, let agenda = agendas[practitioner],
                    agenda.isOnGrid(index, step: clinic.rules.slotGridMinutes), agenda.canTake(care, at: index)
                else { continue }
                let room = care.rooms?.first {
                    query.room ?? $0 == $0 && clinic.resources[$0]?.kind == .room
                        && agendas[$0]?.canTake(care, at: index) == true
                }
                guard care.rooms == nil ? query.room == nil : room != nil else { continue }
                found.append(slot(query.careType, care, practitioner, room, minute: first + index))
            }
        }
        return found
    }

    private func slot(
        _ careType: CareType, _ care: CareTypeSettings, _ practitioner: Identifier<Resource>,
        _ room: Identifier<Resource>?, minute: Int
    ) -> Slot {
        func range(_ from: Int, _ to: Int) -> TimeRange {
            valid(TimeRange(Instant(seconds: Int64(from) * 60), Instant(seconds: Int64(to) * 60)))
        }
        let end = minute + care.duration.minutes
        return Slot(
            careType: careType, practitioner: practitioner, room: room, range: range(minute, end),
            blocked: range(minute - care.bufferBefore, end + care.bufferAfter))
    }

    /// Minutes since 1970-01-01 00:00 on the wall clock.
    private func wallClock(_ minute: Int) -> Int {
        var offset = clinic.zone.initial
        for change in clinic.zone.changes where Int(change.instant.seconds) <= minute * 60 {
            offset = change.secondsEast
        }
        return minute + offset / 60
    }

    private func latestWallClock(_ minutes: ClosedRange<Int>) -> [Int] {
        var latest = Int.min
        return minutes.map { minute in
            latest = max(latest, wallClock(minute))
            return latest
        }
    }

    /// One resource, minute by minute.
    private struct Agenda {
        /// For each minute, the minute at which its opening began; nil if closed.
        var openSince: [Int?]
        var isBusy: [Bool]

        func isOnGrid(_ index: Int, step: Int) -> Bool { openSince[index].map { (index - $0) % step == 0 } ?? false }

        func canTake(_ care: CareTypeSettings, at index: Int) -> Bool {
            let end = index + care.duration.minutes
            return (index..<end).allSatisfy { openSince[$0] != nil }
                && !(index - care.bufferBefore..<end + care.bufferAfter).contains { isBusy[$0] }
        }
    }

    private func agenda(of resource: Resource, from first: Int, _ reached: [Int]) -> Agenda {
        var openSince: [Int?] = []
        var opening: (name: Int, since: Int)?
        var (today, intervals) = (Int.min, [OpeningInterval]())
        for (index, time) in reached.enumerated() {
            let (day, minute) = (time / 1440, time % 1440)
            if day != today { (today, intervals) = (day, hours(resource, onDay: day).intervals) }
            if let number = intervals.firstIndex(where: { $0.opens.minutes <= minute && minute < $0.closes.minutes }) {
                let name = day * 100 + number
                if opening?.name != name { opening = (name, index) }
            } else {
                opening = nil
            }
            openSince.append(opening?.since)
        }
        var isBusy = Array(repeating: false, count: reached.count)
        for allocation in allocations where allocation.resource == resource.id {
            let start = Int(allocation.range.start.seconds) / 60 - first
            let end = Int(allocation.range.end.seconds) / 60 - first
            for index in max(0, start)..<max(0, min(end, reached.count), start) where index < reached.count {
                isBusy[index] = true
            }
        }
        return Agenda(openSince: openSince, isBusy: isBusy)
    }

    private func hours(_ resource: Resource, onDay number: Int) -> DayHours {
        let day = LocalDay(daysSinceEpoch: number)
        if let exception = resource.hours.exceptions[day] { return exception }
        if clinic.holidays.contains(day) { return .closed }
        // 1 January 1970 was a Thursday.
        let thursdayFirst: [Weekday] = [.thursday, .friday, .saturday, .sunday, .monday, .tuesday, .wednesday]
        return resource.hours.weekly[thursdayFirst[number % 7]] ?? .closed
    }
}
