package import Primitives

/// A counter or a room where tickets of a queue are served.
package struct Counter: Hashable, Sendable {
    /// The id of the counter.
    package let id: Identifier<Counter>
    /// The label as patients read it.
    package let label: CounterLabel
    /// Whether it takes tickets at present.
    package let isInService: Bool

    package init(id: Identifier<Counter>, label: CounterLabel, isInService: Bool) {
        (self.id, self.label, self.isInService) = (id, label, isInService)
    }
}
