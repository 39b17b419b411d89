/// Who waits in one queue, in order: by place, and between equal places by ticket.
///
/// A ticket's place never changes because of others, so a change of the line costs one change here, and positions are
/// ranks. Finding a rank takes O(log n); inserting and removing moves entries within one array.
package struct Line<Ticket: Comparable & Hashable & Sendable>: Hashable, Sendable {
    /// A ticket and its place in the order.
    package struct Entry: Hashable, Sendable, Comparable {
        /// Lower is served first.
        package let place: Place
        /// The ticket at this place.
        package let ticket: Ticket

        /// A ticket at a place.
        package init(_ ticket: Ticket, at place: Place) { (self.ticket, self.place) = (ticket, place) }

        package static func < (left: Entry, right: Entry) -> Bool {
            left.place == right.place ? left.ticket < right.ticket : left.place < right.place
        }
    }

    /// All entries, the next to be called first.
    package private(set) var entries: [Entry]
    private var places: [Ticket: Place]

    /// A line of these tickets, given in any order. Of entries with the same ticket the last one counts.
    package init(_ entries: [Entry] = []) {
        places = Dictionary(entries.map { ($0.ticket, $0.place) }) { $1 }
        self.entries = places.map { Entry($0.key, at: $0.value) }.sorted()
    }

    /// The number of tickets that wait.
    package var count: Int { entries.count }

    /// The ticket to call next; nil if none waits.
    package var next: Ticket? { entries.first?.ticket }

    /// The number of tickets before this one; nil if it does not wait here.
    package func rank(of ticket: Ticket) -> Int? {
        places[ticket].map { index(of: Entry(ticket, at: $0)) }
    }

    /// Puts a ticket at a place; one that waits here already moves there.
    package mutating func insert(_ ticket: Ticket, at place: Place) {
        remove(ticket)
        let entry = Entry(ticket, at: place)
        entries.insert(entry, at: index(of: entry))
        places[ticket] = place
    }

    /// Removes a ticket. Returns false if it does not wait here.
    @discardableResult
    package mutating func remove(_ ticket: Ticket) -> Bool {
        guard let rank = rank(of: ticket) else { return false }
        entries.remove(at: rank)
        places[ticket] = nil
        return true
    }

    /// The place directly behind the next `count` tickets, or behind all if there are fewer. An empty line has no such
    /// place: then it is `place`.
    package func place(behind count: Int, orElse place: Place) -> Place {
        guard count > 0, !entries.isEmpty else { return entries.first?.place.before ?? place }
        return entries[min(count, entries.count) - 1].place.after
    }

    /// The number of entries before this one, which need not be among them.
    private func index(of entry: Entry) -> Int {
        // Most tickets join at the end.
        guard let last = entries.last, entry <= last else { return entries.count }
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle] < entry { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
