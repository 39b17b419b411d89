import BookingDomain
import Primitives

// The answer to a strict request, with the field names of its specification.

struct StrictAnswer: Codable, Sendable {
    enum Status: String, Codable, CaseIterable, Sendable {
        case slotsFound = "SLOTS_FOUND"
        case confirmed = "CONFIRMED"
        case rescheduled = "RESCHEDULED"
        case cancelled = "CANCELLED"
        case needInfo = "NEED_INFO"
    }

    let status: Status
    let availableSlots: [StrictSlotView]?
    let appointment: StrictAppointmentView?
    /// The fields to ask the person for, in this order.
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

struct StrictSlotView: Codable, Sendable {
    let start: Instant
    let end: Instant
    let durationMinutes: Int
    let careType: String
    let practitioner: NamedResource
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

struct StrictAppointmentView: Codable, Sendable {
    let id: Identifier<Appointment>
    let status: String
    let careType: String
    let start: Instant
    let end: Instant
    let durationMinutes: Int
    let practitioner: NamedResource
    let room: NamedResource?
    let patientID: Identifier<Patient>?
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
