package import Primitives

/// The single computation of bookable slots: exactly the slots that it lists can be booked.
///
/// A slot starts a whole number of grid steps after an opening of its practitioner. The appointment itself lies within
/// that opening, and within one of its room, where openings that touch at midnight are one; its buffers may extend beyond,
/// because no patient is received during them.
/// Appointment and buffers together overlap no allocation of practitioner or room. The room is the first free one in
/// the clinic's order of preference.
package struct SlotSearch: Sendable {
    /// The clinic whose slots are searched.
    package let clinic: Clinic
    /// The first instant at which an appointment may start.
    package let earliest: Instant
    /// The end of the range of permitted starts, not included.
    package let horizon: Instant
    private let busy: [Identifier<Resource>: TimeRangeSet]

    /// The slots that can be booked at `now`: from the clinic's lead time on, until midnight after the last local day
    /// of its horizon.
    ///
    /// - Parameters:
    ///   - allocations: complete for the resources and times of the queries, see ``TimeRange/reach``.
    ///   - isBoundByLeadTime: false if slots can be booked from `now` on, as by the clinic's reception.
    package init(_ clinic: Clinic, allocations: [Allocation], now: Instant, isBoundByLeadTime: Bool = true) {
        let lastDay = clinic.zone.local(now).day.advanced(by: clinic.rules.horizonDays)
        self.init(
            clinic, allocations,
            earliest: isBoundByLeadTime ? now.adding(minutes: clinic.rules.leadTimeMinutes) : now,
            horizon: clinic.zone.firstInstant(lastDay.advanced(by: 1), .midnight))
    }

    /// The slots that start in `bounds`, regardless of the clinic's lead time and horizon, for views that are computed
    /// in advance.
    ///
    /// - Parameter allocations: complete for the resources and times of the queries, see ``TimeRange/reach``.
    package init(_ clinic: Clinic, allocations: [Allocation], startingIn bounds: TimeRange) {
        self.init(clinic, allocations, earliest: bounds.start, horizon: bounds.end)
    }

    private init(_ clinic: Clinic, _ allocations: [Allocation], earliest: Instant, horizon: Instant) {
        (self.clinic, self.earliest, self.horizon) = (clinic, earliest, horizon)
        busy = Dictionary(grouping: allocations, by: \.resource).mapValues { TimeRangeSet($0.lazy.map(\.range)) }
    }

    /// The same search without any allocations.
    package var unoccupied: SlotSearch { SlotSearch(clinic, [], earliest: earliest, horizon: horizon) }

    /// The bookable slots by start, then by practitioner; each practitioner has at most one for each start.
    package func slots(_ query: SlotQuery) -> [Slot] {
        var found: [Slot] = []
        visit(query) { found.append($0) }
        return found.sorted { ($0.range.start, $0.practitioner) < ($1.range.start, $1.practitioner) }
    }

    /// The starts of the bookable slots, in order, for each practitioner who has any.
    package func starts(_ query: SlotQuery) -> [Identifier<Resource>: [Instant]] {
        var (starts, practitioner, own): ([Identifier<Resource>: [Instant]], Identifier<Resource>?, [Instant]) = (
            [:], nil, []
        )
        visit(query) { slot in
            if slot.practitioner != practitioner {
                if let practitioner { starts[practitioner] = own }
                (practitioner, own) = (slot.practitioner, [])
            }
            own.append(slot.range.start)
        }
        if let practitioner { starts[practitioner] = own }
        return starts
    }

    /// Calls `found` with the bookable slots, one practitioner after the other, each by start.
    private func visit(_ query: SlotQuery, _ found: (Slot) -> Void) {
        guard let care = clinic.careTypes[query.careType], care.rooms != nil || query.room == nil,
            let starts = TimeRange(max(query.window.start, earliest), min(query.window.end, horizon))
        else { return }
        let rooms = care.rooms.map { agendas($0, .room, only: query.room, around: starts) }
        for practitioner in agendas(care.practitioners, .practitioner, only: query.practitioner, around: starts) {
            for opening in practitioner.openings {
                let end = practitioner.open.end(ofRangeAt: opening.start) ?? opening.end
                for start in gridStarts(in: opening, endingBy: end, lasting: care.duration, within: starts) {
                    let range = TimeRange(from: start, lasting: care.duration)
                    let blocked = range.widened(before: care.bufferBefore, after: care.bufferAfter)
                    guard !practitioner.busy.overlaps(blocked) else { continue }
                    let room = rooms?.first { $0.open.covers(range) && !$0.busy.overlaps(blocked) }
                    guard rooms == nil || room != nil else { continue }
                    found(
                        Slot(
                            careType: query.careType, practitioner: practitioner.id, room: room?.id, range: range,
                            blocked: blocked))
                }
            }
        }
    }

    /// True if the search lists exactly this slot.
    package func isBookable(_ slot: Slot) -> Bool {
        slots(SlotQuery(slot.careType, at: slot.range.start, practitioner: slot.practitioner, room: slot.room))
            .contains(slot)
    }
}

extension SlotSearch {
    /// The openings and allocations of one resource.
    private struct Agenda {
        let id: Identifier<Resource>
        /// In order; each begins a grid of starts.
        let openings: [TimeRange]
        /// The same openings, those that touch as one.
        let open: TimeRangeSet
        let busy: TimeRangeSet
    }

    private func agendas(
        _ ids: [Identifier<Resource>], _ kind: Resource.Kind, only chosen: Identifier<Resource>?,
        around range: TimeRange
    ) -> [Agenda] {
        // One more day at the end: around midnight the wall clock may be set back into the previous day.
        let days = clinic.zone.local(range.start).day...clinic.zone.local(range.end).day.advanced(by: 1)
        return ids.compactMap { id in
            guard chosen == nil || chosen == id, let resource = clinic.resources[id], resource.kind == kind else {
                return nil
            }
            let openings = clinic.openings(of: resource, on: days)
            return Agenda(
                id: id, openings: openings, open: TimeRangeSet(openings), busy: busy[id] ?? TimeRangeSet([]))
        }
    }

    /// The grid steps of `opening` at which an appointment may start in `starts` and still end by `end`.
    private func gridStarts(
        in opening: TimeRange, endingBy end: Instant, lasting duration: DurationMinutes, within starts: TimeRange
    ) -> some Sequence<Instant> {
        let step = Int64(clinic.rules.slotGridMinutes) * 60_000_000
        let lateness = max(0, starts.start.microseconds - opening.start.microseconds)
        let first = opening.start.microseconds + (lateness + step - 1) / step * step
        let last = min(
            starts.end.microseconds - 1, opening.end.microseconds - 1,
            end.adding(minutes: -duration.minutes).microseconds)
        return stride(from: first, through: last, by: Int64.Stride(step)).lazy.map(Instant.init(microseconds:))
    }
}
