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
/// The id of a patient, the only part of their identity that leaves Booking.
package typealias PatientID = Identifier<PatientKind>

/// A period of time; `to` is excluded.
package struct BlockedTime: Codable, Hashable, Sendable {
    /// The first instant of the period.
    package var from: Instant
    /// The first instant after the period.
    package var to: Instant

    package init(from: Instant, to: Instant) { (self.from, self.to) = (from, to) }
}

/// An appointment as it is after an event. Of the patient, only the id leaves Booking.
package struct AppointmentSnapshot: Codable, Hashable, Sendable, WireRules {
    /// The id of the appointment, which is the aggregate.
    package var id: AppointmentID
    /// The status of the appointment.
    package var status: String
    /// The type of care.
    package var careType: String
    /// The practitioner who provides the care.
    package var practitioner: PractitionerID
    /// The room; absent when the care needs no room.
    package var room: RoomID?
    /// The patient; absent while a hold has no patient yet.
    package var patient: PatientID?
    /// The start of the appointment, without buffers.
    package var start: Instant
    /// The end of the appointment, without buffers; excluded.
    package var end: Instant
    /// The time for which practitioner and room are taken, or were: the appointment and its buffers.
    package var blocked: BlockedTime
    /// The time at which the hold expires; absent unless the status is `held`.
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

    package static let rules: [String: WireRule] = [
        "status": .oneOf(["held", "confirmed", "cancelled", "completed", "no_show", "expired"]),
        "careType": .oneOf([
            "consultation", "urgence", "detartrage", "soin", "extraction", "prothese", "orthodontie", "chirurgie",
        ]),
    ]
}

/// An event of an appointment.
package protocol AppointmentEvent: Event {
    var appointment: AppointmentSnapshot { get }
    init(appointment: AppointmentSnapshot)
}

extension AppointmentEvent {
    package static var family: (any EventFamily.Type)? { AppointmentData.self }
}

/// What every event of an appointment carries. It is the whole appointment, so the newest event is enough for a reader
/// that missed others.
package struct AppointmentData: EventFamily {
    /// The appointment after the event.
    package var appointment: AppointmentSnapshot
}

/// A slot was held; it is reserved until `holdExpires`.
package struct AppointmentHeld: AppointmentEvent {
    package static let name = EventName("booking", "appointment", "held", version: 1)
    package var appointment: AppointmentSnapshot
    package init(appointment: AppointmentSnapshot) { self.appointment = appointment }
}

/// An appointment was booked, directly or from a hold.
package struct AppointmentConfirmed: AppointmentEvent {
    package static let name = EventName("booking", "appointment", "confirmed", version: 1)
    package var appointment: AppointmentSnapshot
    package init(appointment: AppointmentSnapshot) { self.appointment = appointment }
}

/// An appointment moved: the old time became free and the new time was taken, in one step.
package struct AppointmentRescheduled: AppointmentEvent {
    package static let name = EventName("booking", "appointment", "rescheduled", version: 1)
    package var appointment: AppointmentSnapshot
    package init(appointment: AppointmentSnapshot) { self.appointment = appointment }
}

/// An appointment was cancelled or a hold was released; the time is free.
package struct AppointmentCancelled: AppointmentEvent {
    package static let name = EventName("booking", "appointment", "cancelled", version: 1)
    package var appointment: AppointmentSnapshot
    package init(appointment: AppointmentSnapshot) { self.appointment = appointment }
}

/// A hold expired; the time has been free since `holdExpires`.
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
