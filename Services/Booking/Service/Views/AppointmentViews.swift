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

/// An appointment. Of the patient it holds the id only.
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
