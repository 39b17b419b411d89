package import Primitives

/// Marks ids of appointments.
package enum AppointmentKind {}
/// The id of an appointment.
package typealias AppointmentID = Identifier<AppointmentKind>

/// Marks ids of practitioners.
package enum PractitionerKind {}
/// The id of a practitioner.
package typealias PractitionerID = Identifier<PractitionerKind>

/// Marks ids of rooms.
package enum RoomKind {}
/// The id of a room.
package typealias RoomID = Identifier<RoomKind>

/// Marks ids of patients.
package enum PatientKind {}
/// The id of a patient: all that leaves Booking of who it is.
package typealias PatientID = Identifier<PatientKind>

/// A stretch of time in which nobody else can have a practitioner or room; `to` is excluded.
package struct BlockedTime: Codable, Hashable, Sendable {
    /// Its first instant.
    package var from: Instant
    /// The first instant after it.
    package var to: Instant

    package init(from: Instant, to: Instant) { (self.from, self.to) = (from, to) }
}

/// An appointment as it is after an event. Who the patient is stays with Booking: only the id travels.
package struct AppointmentSnapshot: Codable, Hashable, Sendable {
    /// The aggregate of its events.
    package var id: AppointmentID
    /// `held`, `confirmed`, `cancelled`, `completed`, `no_show` or `expired`.
    package var status: String
    /// One of the care types of the tenant, for example `detartrage`.
    package var careType: String
    /// Who gives the care.
    package var practitioner: PractitionerID
    /// Where; nil for care that needs no room.
    package var room: RoomID?
    /// For whom; nil while a hold is for nobody yet.
    package var patient: PatientID?
    /// Start of the appointment itself, without buffers.
    package var start: Instant
    /// End of the appointment itself, excluded.
    package var end: Instant
    /// What it takes of practitioner and room, or took: the appointment and its buffers.
    package var blocked: BlockedTime
    /// When the hold lapses, while it is one.
    package var holdExpires: Instant?

    package init(
        id: AppointmentID, status: String, careType: String, practitioner: PractitionerID, room: RoomID?,
        patient: PatientID?, start: Instant, end: Instant, blocked: BlockedTime, holdExpires: Instant?
    ) {
        self.id = id
        self.status = status
        self.careType = careType
        self.practitioner = practitioner
        self.room = room
        self.patient = patient
        self.start = start
        self.end = end
        self.blocked = blocked
        self.holdExpires = holdExpires
    }
}

/// A slot is kept for somebody until the hold expires.
package struct AppointmentHeld: AppointmentEvent {
    package static let name = EventName("booking", "appointment", "held", version: 1)
    package var appointment: AppointmentSnapshot
    package init(appointment: AppointmentSnapshot) { self.appointment = appointment }
}

/// An appointment was made, directly or out of a hold.
package struct AppointmentConfirmed: AppointmentEvent {
    package static let name = EventName("booking", "appointment", "confirmed", version: 1)
    package var appointment: AppointmentSnapshot
    package init(appointment: AppointmentSnapshot) { self.appointment = appointment }
}

/// An appointment moved, in one step: the old time is free, the new one is taken.
package struct AppointmentRescheduled: AppointmentEvent {
    package static let name = EventName("booking", "appointment", "rescheduled", version: 1)
    package var appointment: AppointmentSnapshot
    package init(appointment: AppointmentSnapshot) { self.appointment = appointment }
}

/// An appointment was called off; its time is free again.
package struct AppointmentCancelled: AppointmentEvent {
    package static let name = EventName("booking", "appointment", "cancelled", version: 1)
    package var appointment: AppointmentSnapshot
    package init(appointment: AppointmentSnapshot) { self.appointment = appointment }
}

/// A hold lapsed; its time is free again.
package struct AppointmentExpired: AppointmentEvent {
    package static let name = EventName("booking", "appointment", "expired", version: 1)
    package var appointment: AppointmentSnapshot
    package init(appointment: AppointmentSnapshot) { self.appointment = appointment }
}

/// The patient came and the appointment is over.
package struct AppointmentCompleted: AppointmentEvent {
    package static let name = EventName("booking", "appointment", "completed", version: 1)
    package var appointment: AppointmentSnapshot
    package init(appointment: AppointmentSnapshot) { self.appointment = appointment }
}

/// The patient did not come.
package struct AppointmentMissed: AppointmentEvent {
    package static let name = EventName("booking", "appointment", "missed", version: 1)
    package var appointment: AppointmentSnapshot
    package init(appointment: AppointmentSnapshot) { self.appointment = appointment }
}

/// All events of an appointment carry it whole, so any of them heals a reader that missed another.
package protocol AppointmentEvent: Event {
    var appointment: AppointmentSnapshot { get }
    init(appointment: AppointmentSnapshot)
}
