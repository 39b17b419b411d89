import BookingDomain
import HTTPServer
import JSONCoding
import Primitives
import Scheduling

// The inputs of the routes of slots and appointments.

struct SlotsQuery: Codable, Sendable {
    /// A page of a calendar: six weeks.
    private static let maximumDays = 42

    /// The type of care.
    let careType: CareType
    /// The earliest start.
    let from: Instant
    /// Slots start before this instant; at most 42 days after `from` on the clinic's calendar.
    let to: Instant
    /// The practitioner; absent if any will do.
    let practitioner: Identifier<Resource>?
    /// The room; absent if any will do.
    let room: Identifier<Resource>?
    /// The most slots wanted; 100 if absent.
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

/// Slots that can be booked.
struct SlotList: Codable, Sendable, JSONWritable {
    /// The slots by start.
    let slots: [SlotView]
    /// True when there are more: ask again from the start of the last one.
    let isCut: Bool

    func write(to object: inout JSONObject) {
        object.member("isCut", isCut)
        object.member("slots", slots)
    }
}

/// The slot to hold.
struct HoldInput: Codable, Sendable {
    /// The type of care.
    let careType: CareType
    /// The start of the slot.
    let start: Instant
    /// The practitioner; absent if any will do.
    let practitioner: Identifier<Resource>?
    /// The room; absent if any will do.
    let room: Identifier<Resource>?

    var slot: SlotQuery { SlotQuery(careType, at: start, practitioner: practitioner, room: room) }
}

/// The slot to book, and for whom; patients book for themselves or name their patient.
struct BookingInput: Codable, Sendable {
    /// The type of care.
    let careType: CareType
    /// The start of the slot.
    let start: Instant
    /// The practitioner; absent if any will do.
    let practitioner: Identifier<Resource>?
    /// The room; absent if any will do.
    let room: Identifier<Resource>?
    /// The patient by name and telephone number, registered if unknown; absent with `patientId`.
    let patient: PatientInput?
    /// A patient that is registered; takes precedence over `patient`.
    let patientId: Identifier<Patient>?
    /// A note for the history; absent without one.
    let reason: Reason?

    var slot: SlotQuery { SlotQuery(careType, at: start, practitioner: practitioner, room: room) }

    func recipient(_ plan: NumberingPlan) throws -> Recipient? {
        try patientId.map(Recipient.patient) ?? patient.map { .contact(try $0.contact(plan, at: "/patient/phone")) }
    }
}

/// For whom a hold becomes an appointment.
struct ConfirmInput: Codable, Sendable {
    /// The patient by name and telephone number, registered if unknown; absent with `patientId`.
    let patient: PatientInput?
    /// A patient that is registered; takes precedence over `patient`.
    let patientId: Identifier<Patient>?
    /// A note for the history; absent without one.
    let reason: Reason?

    func recipient(_ plan: NumberingPlan) throws -> Recipient? {
        try patientId.map(Recipient.patient) ?? patient.map { .contact(try $0.contact(plan, at: "/patient/phone")) }
    }
}

/// Either a new start or how the appointment ended.
struct ChangeInput: Codable, Sendable {
    /// How an appointment ended.
    enum Ending: String, Codable, CaseIterable, Sendable {
        /// The patient came and was treated.
        case completed
        /// The patient did not come.
        case noShow = "no_show"
    }

    /// The new start; absent with `status`.
    let start: Instant?
    /// The new practitioner, with `start`; absent if the present one stays.
    let practitioner: Identifier<Resource>?
    /// How the appointment ended; absent with `start`.
    let status: Ending?
    /// A note for the history; absent without one.
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
    /// A note for the history; absent without one.
    let reason: Reason?
}

struct AppointmentsQuery: PagedQuery, Codable {
    /// What a list may have beside the appointments.
    enum AgendaInclusion: String, Codable, CaseIterable, Sendable { case patient }

    /// Only appointments that start at this instant or later.
    let from: Instant?
    /// Only appointments that start before this instant.
    let to: Instant?
    /// Only appointments with this practitioner.
    let practitioner: Identifier<Resource>?
    /// Only appointments of this patient.
    let patient: Identifier<Patient>?
    /// Only appointments with this status.
    let status: StatusName?
    /// `patient` for names and telephone numbers, which only employees of the clinic read.
    let include: AgendaInclusion?
    /// The `next` of the previous page; absent for the first page.
    let cursor: String?
    /// The most items on a page; 20 if absent.
    let limit: PageLimit?

    var filter: AppointmentList.Filter {
        AppointmentList.Filter(
            from: from, to: to, practitioner: practitioner, patient: patient, status: status?.rawValue)
    }
}
