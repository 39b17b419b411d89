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
    /// How long a process is believed that is silent.
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

    /// Notes the listeners of this process. Returns true if the other processes should learn of them: because they have
    /// changed, or because it is time to repeat them.
    package mutating func observe(_ observation: Observation, at now: Instant) -> Bool {
        let isDue = published.map { now - $0 >= Self.interval } ?? true
        guard observation != own || (isDue && !observation.isEmpty) else { return false }
        (own, published) = (observation, now)
        return true
    }

    /// Notes the listeners of another process.
    package mutating func hear(_ observation: Observation, from process: String, at now: Instant) {
        others[process] = observation.isEmpty ? nil : (observation, now)
    }

    /// Forgets processes that have been silent for too long.
    package mutating func forget(at now: Instant) { others = others.filter { now - $0.value.at < Self.memory } }
}
