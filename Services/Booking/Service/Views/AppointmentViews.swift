import BookingDomain
import JSONCoding
import Primitives
import Scheduling

/// A practitioner or a room by name.
struct NamedResource: Codable, Hashable, Sendable, JSONWritable {
    /// The id of the practitioner or room.
    let id: Identifier<Resource>
    /// The name as the clinic shows it.
    let name: String

    func write(to object: inout JSONObject) {
        object.member("id", id)
        object.member("name", name)
    }
}

/// A slot that can be booked.
struct SlotView: Codable, Hashable, Sendable, JSONWritable {
    /// The type of care.
    let careType: String
    /// The start of the appointment, without buffers.
    let start: Instant
    /// The end of the appointment, without buffers.
    let end: Instant
    /// The time between start and end.
    let durationMinutes: Int
    /// The practitioner that would give the care.
    let practitioner: NamedResource
    /// The room that would be used; absent for care without a room.
    let room: NamedResource?

    init(_ slot: Slot, _ catalog: ClinicCatalog) {
        careType = slot.careType.rawValue
        start = slot.range.start
        end = slot.range.end
        durationMinutes = Int((slot.range.end.microseconds - slot.range.start.microseconds) / 60_000_000)
        practitioner = catalog.named(slot.practitioner)
        room = slot.room.map { catalog.named($0) }
    }

    func write(to object: inout JSONObject) {
        object.member("careType", careType)
        object.member("durationMinutes", durationMinutes)
        object.member("end", end)
        object.member("practitioner", practitioner)
        object.member("room", room)
        object.member("start", start)
    }
}

/// What the clinic should know of an appointment that it has just made or changed.
struct AppointmentWarning: Codable, Hashable, Sendable {
    /// What the clinic should know.
    enum WarningCode: String, Codable, CaseIterable, Sendable {
        /// The patient has another appointment at the same time.
        case patientBookedTwice = "patient-booked-twice"
    }

    /// What programs decide by.
    let code: WarningCode
    /// The appointments that it concerns.
    let appointments: [Identifier<Appointment>]
}

/// An appointment. Of the patient it holds the id only, except in a list with names.
struct AppointmentView: Codable, Hashable, Sendable {
    /// The id of the appointment; a hold keeps it when it is confirmed.
    let id: Identifier<Appointment>
    /// Where the appointment is in its life.
    let status: String
    /// The type of care.
    let careType: String
    /// The start, without buffers.
    let start: Instant
    /// The end, without buffers.
    let end: Instant
    /// The practitioner that gives the care.
    let practitioner: NamedResource
    /// The room; absent for care without a room.
    let room: NamedResource?
    /// The patient; absent while the slot is only held.
    let patientId: Identifier<Patient>?
    /// When the hold lapses; absent unless the status is `held`.
    let holdExpires: Instant?
    /// The version of the appointment, to recognise newer events; `If-Match` takes the `ETag` instead.
    private(set) var version: EntityVersion
    /// The patient's name and telephone number; only in lists with `include=patient`.
    private(set) var patient: PatientSummary?
    /// What the clinic should know; only for its employees who make or change an appointment, and absent if there is nothing.
    private(set) var warnings: [AppointmentWarning]?

    /// - Parameter generation: that of the appointment's version.
    init(_ appointment: Appointment, in generation: Int, _ catalog: ClinicCatalog) {
        id = appointment.id
        status = appointment.status.name
        careType = appointment.slot.careType.rawValue
        start = appointment.slot.range.start
        end = appointment.slot.range.end
        practitioner = catalog.named(appointment.slot.practitioner)
        room = appointment.slot.room.map(catalog.named)
        patientId = appointment.patient
        holdExpires = appointment.status.heldUntil
        version = EntityVersion(generation: generation, number: appointment.version)
    }
}

extension AppointmentView {
    /// The appointment with its patient.
    func with(_ patient: PatientSummary?) -> AppointmentView {
        var view = self
        view.patient = patient
        return view
    }

    /// The appointment with a warning if its patient has these others at the same time.
    func warning(of simultaneous: [Identifier<Appointment>]) -> AppointmentView {
        guard !simultaneous.isEmpty else { return self }
        var view = self
        view.warnings = [AppointmentWarning(code: .patientBookedTwice, appointments: simultaneous)]
        return view
    }

    /// The answer that is stored under a request's key. Its version is one of the present generation: it was in the
    /// backup or was stored since.
    func stored(in generation: Int) -> AppointmentView {
        var view = self
        view.version = EntityVersion(generation: generation, number: version.number)
        return view
    }
}

extension ClinicCatalog {
    /// The resource with its name, inactive ones included.
    func named(_ id: Identifier<Resource>) -> NamedResource { NamedResource(id: id, name: names[id] ?? "") }
}
