package import Primitives

/// A subscriber outside the suite asked for events of its tenant again. Every publisher sends those that it still has to the
/// queue of the subscriber alone. The aggregate is the replay.
package struct SubscriberReplayRequested: Event {
    package static let name = EventName("identity", "subscriber-replay", "requested", version: 1)

    /// The queue of the subscriber at the broker.
    package var queue: String
    /// The types of the events, for example `guichet.booking.appointment.confirmed.v1`; at most 100.
    package var types: [String]
    /// The first instant: events that were recorded before it are not sent.
    package var from: Instant

    package init(queue: String, types: [String], from: Instant) {
        (self.queue, self.types, self.from) = (queue, types, from)
    }
}
