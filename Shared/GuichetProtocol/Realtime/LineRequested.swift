package import Primitives

/// Marks ids of requests for the state of a line.
package enum LineRequestKind {}
/// The id of a request for the state of a line.
package typealias LineRequestID = Identifier<LineRequestKind>

/// Realtime requests the state of a line, because it has none or missed an event. The aggregate is the request, which is
/// its first version.
package struct LineRequested: Event {
    package static let name = EventName("realtime", "line", "requested", version: 1)
    /// The id of the request, which the answer repeats.
    package var request: LineRequestID
    /// The queue whose line is wanted.
    package var queue: QueueID

    package init(request: LineRequestID, queue: QueueID) { (self.request, self.queue) = (request, queue) }
}
