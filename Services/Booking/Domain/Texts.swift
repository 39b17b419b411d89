package import Primitives

/// The name of a practitioner, a room or a holiday.
package typealias Label = OneLine<120>
/// A patient's name.
package typealias PatientName = OneLine<120>
/// Why an appointment changes, in the words of the person who changes it.
package typealias Reason = OneLine<500>
