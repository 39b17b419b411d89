import Primitives

extension SlotSearch {
    /// Bookable slots that are closest to an unsuccessful `query`, best first.
    ///
    /// The same practitioner comes before others, then the start of the query and later before earlier, then the
    /// nearest. They start in `window`, for which the allocations of this search must be complete. Any room is
    /// accepted.
    package func alternatives(to query: SlotQuery, in window: TimeRange, count: Int = 3) -> [Slot] {
        let wanted = query.window.start
        func rank(_ slot: Slot) -> (Int, Int, Int64, Identifier<Resource>) {
            let distance = slot.range.start.microseconds - wanted.microseconds
            let isOther = query.practitioner != nil && slot.practitioner != query.practitioner
            return (isOther ? 1 : 0, distance < 0 ? 1 : 0, abs(distance), slot.practitioner)
        }
        let candidates = slots(SlotQuery(query.careType, startingIn: window))
        return Array(candidates.sorted { rank($0) < rank($1) }.prefix(count))
    }
}
