package import GuichetProtocol
package import Primitives

/// Which patients and displays of a line are connected, to this process or to another one.
package struct LinePresence: Sendable {
    /// Those of one process.
    package struct Observation: Hashable, Sendable {
        /// The tickets whose patients listen.
        package var tickets: Set<TicketID>
        /// The displays that listen.
        package var displays: Set<DisplayID>

        package init(tickets: Set<TicketID> = [], displays: Set<DisplayID> = []) {
            (self.tickets, self.displays) = (tickets, displays)
        }

        /// Whether no one listens.
        package var isEmpty: Bool { tickets.isEmpty && displays.isEmpty }
    }

    /// How often a process that has listeners repeats which ones.
    package static let interval: Duration = .seconds(15)
    /// How long the listeners of a process are believed that it does not repeat.
    package static let memory: Duration = .seconds(40)

    /// The listeners of this process.
    package private(set) var own = Observation()
    private var published: Instant?
    private var others: [String: (observation: Observation, at: Instant)] = [:]

    package init() {}

    /// All listeners.
    package var all: Observation {
        others.values.reduce(into: own) { all, other in
            all.tickets.formUnion(other.observation.tickets)
            all.displays.formUnion(other.observation.displays)
        }
    }

    /// Notes the listeners of this process. Returns true if the other processes should learn of them: the first time,
    /// even if there are none, because they have changed, or because it is time to repeat them.
    package mutating func observe(_ observation: Observation, at now: Instant) -> Bool {
        if let published, observation == own {
            guard !observation.isEmpty, now - published >= Self.interval else { return false }
        }
        (own, published) = (observation, now)
        return true
    }

    /// Notes the listeners of another process. Returns true if that process should learn of those of this one: it may
    /// have just begun to follow the line.
    package mutating func hear(_ observation: Observation, from process: String, at now: Instant) -> Bool {
        let isNew = others[process] == nil
        others[process] = observation.isEmpty ? nil : (observation, now)
        return isNew && !own.isEmpty
    }

    /// Has the next observation be published, whatever it is: an earlier one may not have reached the other processes.
    package mutating func repeatSoon() { published = nil }

    /// Forgets processes that have not repeated their listeners for too long.
    package mutating func forget(at now: Instant) { others = others.filter { now - $0.value.at < Self.memory } }

    /// Forgets processes that have ended.
    package mutating func forget(_ processes: Set<String>) { others = others.filter { !processes.contains($0.key) } }
}
