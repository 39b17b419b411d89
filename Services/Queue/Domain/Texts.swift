package import Primitives

/// The name of a queue, as patients read it.
package typealias QueueName = OneLine<80>
/// The label of a counter or a room, as patients read it.
package typealias CounterLabel = OneLine<40>
/// The message to everyone who waits.
package typealias Announcement = OneLine<280>
/// The name that a patient gives, for staff alone.
package typealias PersonName = OneLine<80>
/// A type of care in the words of the clinic.
package typealias CareName = OneLine<40>
