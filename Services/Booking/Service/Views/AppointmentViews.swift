import BookingDomain
import JSONCoding
import Primitives
import Scheduling

/// A practitioner or a room by name.
struct NamedResource: Codable, Hashable, Sendable, JSONWritable {
    let id: Identifier<Resource>
    let name: String

    func write(to object: inout JSONObject) {
        object.member("id", id)
        object.member("name", name)
    }
}

/// A slot that can be booked.
struct SlotView: Codable, Hashable, Sendable, JSONWritable {
    let careType: String
    let start: Instant
    let end: Instant
    let durationMinutes: Int
    let practitioner: NamedResource
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
    enum WarningCode: String, Codable, CaseIterable, Sendable {
        /// The patient has another appointment at the same time.
        case patientBookedTwice = "patient-booked-twice"
    }

    let code: WarningCode
    /// The appointments that it is about.
    let appointments: [Identifier<Appointment>]
}

/// An appointment. Of the patient it holds the id only, except in a list with names.
struct AppointmentView: Codable, Hashable, Sendable {
    let id: Identifier<Appointment>
    let status: String
    let careType: String
    let start: Instant
    let end: Instant
    let practitioner: NamedResource
    let room: NamedResource?
    let patientId: Identifier<Patient>?
    let holdExpires: Instant?
    /// To recognise newer events; `If-Match` takes the entity tag.
    private(set) var version: EntityVersion
    /// Only in lists that were asked for with names.
    private(set) var patient: PatientSummary?
    /// Only in answers to employees of the clinic who make or change an appointment; absent if there is none.
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
