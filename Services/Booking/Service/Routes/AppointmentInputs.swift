import BookingDomain
import HTTPServer
import JSONCoding
import Primitives
import Scheduling

// The inputs of the routes of slots and appointments.

struct SlotsQuery: Codable, Sendable {
    /// A page of a calendar: six weeks.
    private static let maximumDays = 42

    let careType: CareType
    let from: Instant
    /// At most 42 days after `from` on the clinic's calendar.
    let to: Instant
    let practitioner: Identifier<Resource>?
    let room: Identifier<Resource>?
    let limit: SlotLimit?
    /// An appointment that is to be moved: its own time counts as free.
    let except: Identifier<Appointment>?

    func slotQuery(in zone: ZoneOffsets) throws(InvalidInput) -> SlotQuery {
        guard let window = TimeRange(from, to), zone.isPeriod(from: from, to: to, ofAtMost: Self.maximumDays) else {
            throw InvalidInput(faults: [
                .init(pointer: "/to", detail: "fin attendue après le début, de \(Self.maximumDays) jours au plus")
            ])
        }
        return SlotQuery(careType, startingIn: window, practitioner: practitioner, room: room)
    }
}

struct SlotList: Codable, Sendable, JSONWritable {
    let slots: [SlotView]
    /// True when there are more: ask again from the start of the last one.
    let isCut: Bool

    func write(to object: inout JSONObject) {
        object.member("isCut", isCut)
        object.member("slots", slots)
    }
}

struct HoldInput: Codable, Sendable {
    let careType: CareType
    let start: Instant
    let practitioner: Identifier<Resource>?
    let room: Identifier<Resource>?

    var slot: SlotQuery { SlotQuery(careType, at: start, practitioner: practitioner, room: room) }
}

struct BookingInput: Codable, Sendable {
    let careType: CareType
    let start: Instant
    let practitioner: Identifier<Resource>?
    let room: Identifier<Resource>?
    let patient: PatientInput?
    let patientId: Identifier<Patient>?
    let reason: Reason?

    var slot: SlotQuery { SlotQuery(careType, at: start, practitioner: practitioner, room: room) }

    func recipient(_ plan: NumberingPlan) throws -> Recipient? {
        try patientId.map(Recipient.patient) ?? patient.map { .contact(try $0.contact(plan, at: "/patient/phone")) }
    }
}

struct ConfirmInput: Codable, Sendable {
    let patient: PatientInput?
    let patientId: Identifier<Patient>?
    let reason: Reason?

    func recipient(_ plan: NumberingPlan) throws -> Recipient? {
        try patientId.map(Recipient.patient) ?? patient.map { .contact(try $0.contact(plan, at: "/patient/phone")) }
    }
}

struct ChangeInput: Codable, Sendable {
    /// How an appointment ended.
    enum Ending: String, Codable, CaseIterable, Sendable {
        case completed
        case noShow = "no_show"
    }

    /// The new start.
    let start: Instant?
    let practitioner: Identifier<Resource>?
    let status: Ending?
    let reason: Reason?

    func change(mayRecord: Bool) throws -> AppointmentChange {
        switch (start, status) {
        case (let start?, nil): return .reschedule(to: start, practitioner: practitioner)
        case (nil, let ending?):
            guard mayRecord else { throw Problem(.forbidden, "Seul l’établissement peut le constater.") }
            return ending == .completed ? .complete : .noShow
        default:
            throw InvalidInput(faults: [.init(pointer: "", detail: "soit start, soit status est attendu")])
        }
    }
}

struct CancelQuery: Codable, Sendable {
    let reason: Reason?
}

struct AppointmentsQuery: PagedQuery, Codable {
    /// What a list may have beside the appointments.
    enum AgendaInclusion: String, Codable, CaseIterable, Sendable { case patient }

    let from: Instant?
    let to: Instant?
    let practitioner: Identifier<Resource>?
    let patient: Identifier<Patient>?
    let status: String?
    /// `patient` for names and telephone numbers, which only employees of the clinic read.
    let include: AgendaInclusion?
    let cursor: String?
    let limit: PageLimit?

    var filter: AppointmentList.Filter {
        AppointmentList.Filter(from: from, to: to, practitioner: practitioner, patient: patient, status: status)
    }
}
