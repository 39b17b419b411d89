import BookingDomain
import Primitives

/// The answer to a strict request, with the field names of its specification.
struct StrictAnswer: Codable, Sendable {
    /// What became of a strict request.
    enum Status: String, Codable, CaseIterable, Sendable {
        /// Slots were searched for.
        case slotsFound = "SLOTS_FOUND"
        /// The appointment was booked or confirmed.
        case confirmed = "CONFIRMED"
        /// The appointment was moved.
        case rescheduled = "RESCHEDULED"
        /// The appointment was cancelled.
        case cancelled = "CANCELLED"
        /// The request lacks fields.
        case needInfo = "NEED_INFO"
    }

    /// What became of the request.
    let status: Status
    /// The slots that were found; absent unless the status is `SLOTS_FOUND`.
    let availableSlots: [StrictSlotView]?
    /// The appointment that was made or changed; absent if none was.
    let appointment: StrictAppointmentView?
    /// The fields to ask the person for, in this order; absent unless the status is `NEED_INFO`.
    let missing: [String]?
    /// A French sentence to read out.
    let message: String

    enum CodingKeys: String, CodingKey {
        case status, appointment, missing, message
        case availableSlots = "available_slots"
    }

    init(
        _ status: Status, _ message: String, slots: [StrictSlotView]? = nil, appointment: StrictAppointmentView? = nil,
        missing: [String]? = nil
    ) {
        (self.status, self.message) = (status, message)
        (availableSlots, self.appointment, self.missing) = (slots, appointment, missing)
    }
}

/// A slot that can be booked, with the field names of the strict request.
struct StrictSlotView: Codable, Sendable {
    /// The start of the appointment, without buffers.
    let start: Instant
    /// The end of the appointment, without buffers.
    let end: Instant
    /// The time between start and end.
    let durationMinutes: Int
    /// The type of care.
    let careType: String
    /// The practitioner.
    let practitioner: NamedResource
    /// The room; absent for care without a room.
    let room: NamedResource?

    enum CodingKeys: String, CodingKey {
        case practitioner, room
        case start = "start_iso"
        case end = "end_iso"
        case durationMinutes = "duration_minutes"
        case careType = "care_type"
    }

    init(_ slot: SlotView) {
        (start, end, durationMinutes) = (slot.start, slot.end, slot.durationMinutes)
        (careType, practitioner, room) = (slot.careType, slot.practitioner, slot.room)
    }
}

/// An appointment, with the field names of the strict request.
struct StrictAppointmentView: Codable, Sendable {
    /// The id of the appointment.
    let id: Identifier<Appointment>
    /// Where the appointment is in its life.
    let status: String
    /// The type of care.
    let careType: String
    /// The start of the appointment, without buffers.
    let start: Instant
    /// The end of the appointment, without buffers.
    let end: Instant
    /// The time between start and end.
    let durationMinutes: Int
    /// The practitioner.
    let practitioner: NamedResource
    /// The room; absent for care without a room.
    let room: NamedResource?
    /// The patient; absent while the slot is only held.
    let patientID: Identifier<Patient>?
    /// The version of the appointment, to recognise newer events.
    let version: EntityVersion

    enum CodingKeys: String, CodingKey {
        case status, practitioner, room, version
        case id = "appointment_id"
        case careType = "care_type"
        case start = "start_iso"
        case end = "end_iso"
        case durationMinutes = "duration_minutes"
        case patientID = "patient_id"
    }

    init(_ view: AppointmentView) {
        (id, status, careType, version) = (view.id, view.status, view.careType, view.version)
        (start, end) = (view.start, view.end)
        durationMinutes = Int((view.end - view.start) / .seconds(60))
        (practitioner, room, patientID) = (view.practitioner, view.room, view.patientId)
    }
}
