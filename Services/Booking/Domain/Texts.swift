package import Primitives
package import Scheduling

/// The name of a practitioner, a room, a holiday or a type of care.
package typealias Label = OneLine<120>
/// A patient's name.
package typealias PatientName = OneLine<120>
/// Why an appointment changes, in the words of the person who changes it.
package typealias Reason = OneLine<500>

extension Label {
    /// The usual name of a type of care.
    package static func usual(for careType: CareType) -> Label { Label(stored: careType.label) }
}
