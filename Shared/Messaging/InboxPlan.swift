import GuichetProtocol

/// What became of an event that was delivered.
enum EventOutcome: String { case applied, repeated, unwanted, held, skipped }

/// What one transaction of the consumer handles, and in which order.
struct InboxPlan {
    /// What became of each delivered event, and of those that had waited for them.
    private(set) var outcomes: [EventOutcome] = []
    /// What is to be handled, in this order: a fact that has waited follows its predecessor.
    private(set) var handled: [ReceivedEvent] = []
    /// What is not handled: it was handled before, or something newer of its aggregate was.
    private(set) var repeated: [ReceivedEvent] = []
    /// How far each aggregate is then.
    private(set) var progress: [FollowedAggregate: AggregateProgress]
    /// How far each was before; aggregates that are new are missing.
    let known: [FollowedAggregate: AggregateProgress]
    /// How many more facts that waited may be handled.
    private var limit: Int

    /// - Parameter limit: the most facts that have waited to handle as well.
    init(known: [FollowedAggregate: AggregateProgress], releasing limit: Int) {
        (self.known, progress, self.limit) = (known, known, limit)
    }

    /// True when facts that could be handled still wait.
    var isUnfinished: Bool { progress.values.contains { $0.next != nil } }

    /// The facts that begin to wait.
    var newlyHeld: [(aggregate: FollowedAggregate, fact: HeldFact)] {
        progress.flatMap { aggregate, progress in progress.held.filter(\.isNew).map { (aggregate, $0) } }
    }

    mutating func add(_ event: ReceivedEvent, isFact: Bool) {
        let aggregate = FollowedAggregate(of: event.attributes)
        let current = progress[aggregate, default: AggregateProgress()]
        switch isFact ? current.verdict(onFact: event) : current.verdict(onState: event) {
        case .repeated:
            outcomes.append(.repeated)
            repeated.append(event)
        case .handle:
            outcomes.append(.applied)
            handled.append(event)
            progress[aggregate, default: AggregateProgress()].advance(to: event)
            if isFact { release(aggregate) }
        case .hold:
            outcomes.append(.held)
            progress[aggregate, default: AggregateProgress()].hold(event)
        }
    }

    /// Begins the history of an aggregate with `version`.
    mutating func begin(_ aggregate: FollowedAggregate, at version: AggregateVersion) {
        progress[aggregate, default: AggregateProgress()].begin(at: version)
        release(aggregate)
    }

    /// Takes the facts whose predecessor has come, as many as still may be.
    mutating func release(_ aggregate: FollowedAggregate) {
        while limit > 0, let fact = progress[aggregate]?.takeNext() {
            limit -= 1
            if let event = fact.event {
                outcomes.append(.applied)
                handled.append(event)
            } else {
                outcomes.append(.skipped)
            }
        }
    }
}
