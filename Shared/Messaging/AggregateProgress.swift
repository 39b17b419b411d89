import FoundationEssentials
import GuichetProtocol

/// An aggregate of a publisher, as the inbox names it.
struct FollowedAggregate: Hashable {
    let source: String
    /// `<aggregate>/<id>`, as in the subject of its events.
    let name: String

    init(source: String, name: String) { (self.source, self.name) = (source, name) }

    init(of event: EventAttributes) { self.init(source: event.source, name: event.subject) }
}

/// A version of an aggregate. A restore begins a new generation, in which versions are used again.
struct AggregateVersion: Hashable, Comparable {
    static let none = AggregateVersion(generation: 1, version: 0)

    let generation: Int
    let version: Int

    init(generation: Int, version: Int) { (self.generation, self.version) = (generation, version) }

    init(of event: EventAttributes) { self.init(generation: event.generation ?? 1, version: event.version) }

    static func < (left: Self, right: Self) -> Bool {
        (left.generation, left.version) < (right.generation, right.version)
    }
}

/// An event and its message.
struct ReceivedEvent {
    let attributes: EventAttributes
    let body: [UInt8]
    /// True when the publisher states that it has nothing older of this aggregate.
    var beginsHistory = false
}

/// A fact that waits in the table `held_facts`, or will.
struct HeldFact {
    enum State: String { case held, parked, skipped }

    let version: AggregateVersion
    /// The version of the aggregate with which the generation begins.
    let generationStart: Int
    let state: State
    /// Nil unless it is held.
    let event: ReceivedEvent?
    /// True while it has no row yet.
    var isNew = false

    init(_ version: AggregateVersion, startingAt start: Int, _ state: State, _ event: ReceivedEvent?) {
        (self.version, generationStart, self.state, self.event) = (version, start, state, event)
    }

    init(new event: ReceivedEvent) {
        self.init(AggregateVersion(of: event.attributes), startingAt: event.attributes.start, .held, event)
        isNew = true
    }
}

extension EventAttributes {
    /// The version of the aggregate with which the event's generation begins.
    var start: Int { generationstart ?? (generation ?? 1 > 1 ? version : 1) }
}

/// How far one aggregate was followed, and which of its facts wait.
struct AggregateProgress {
    enum Verdict { case handle, repeated, hold }

    private(set) var last: AggregateVersion
    /// Set when the history of the aggregate begins later than with its first version.
    private(set) var baseline: Int?
    /// In the order of their versions.
    private(set) var held: [HeldFact]

    init(last: AggregateVersion = .none, held: [HeldFact] = []) {
        (self.last, self.held) = (last, held.sorted { $0.version < $1.version })
    }

    /// What is to be done about an event of which the newest state is enough.
    func verdict(onState event: ReceivedEvent) -> Verdict {
        AggregateVersion(of: event.attributes) > last ? .handle : .repeated
    }

    /// What is to be done about an event that may not be skipped.
    func verdict(onFact event: ReceivedEvent) -> Verdict {
        let version = AggregateVersion(of: event.attributes)
        // What is parked or held may be older than what the publisher still has.
        if event.beginsHistory, last == .none, held.allSatisfy({ $0.version >= version }) { return .handle }
        return verdict(on: version, startingAt: event.attributes.start)
    }

    private func verdict(on version: AggregateVersion, startingAt start: Int) -> Verdict {
        if version <= last { return .repeated }
        if version.generation == last.generation { return version.version == last.version + 1 ? .handle : .hold }
        // The versions before the start are common to both generations: they come first.
        return version.version == start && start <= last.version + 1 ? .handle : .hold
    }

    mutating func advance(to event: ReceivedEvent) {
        let version = AggregateVersion(of: event.attributes)
        if event.beginsHistory, last == .none, version.version > 1 { baseline = version.version }
        last = version
        dropObsolete()
    }

    /// Begins the history with `version`, as the publisher has nothing older.
    mutating func begin(at version: AggregateVersion) {
        let previous = AggregateVersion(generation: version.generation, version: version.version - 1)
        guard last < previous else { return }
        (last, baseline) = (previous, version.version)
        dropObsolete()
    }

    mutating func hold(_ event: ReceivedEvent) {
        let fact = HeldFact(new: event)
        // A parked fact that is delivered again too early is held like any other.
        held.removeAll { $0.version == fact.version && $0.state == .parked }
        guard !held.contains(where: { $0.version == fact.version }) else { return }
        held.insert(fact, at: held.firstIndex { $0.version > fact.version } ?? held.endIndex)
    }

    /// The fact whose turn it is; nil while its predecessor is missing, and while it is parked itself.
    var next: HeldFact? {
        // A newer generation says that later versions of the older one are no longer true.
        held.last { verdict(on: $0.version, startingAt: $0.generationStart) == .handle }
            .flatMap { $0.state == .parked ? nil : $0 }
    }

    /// Takes ``next`` out of those that wait.
    mutating func takeNext() -> HeldFact? {
        guard let fact = next else { return nil }
        last = fact.version
        dropObsolete()
        return fact
    }

    private mutating func dropObsolete() { held.removeAll { $0.version <= last } }
}
