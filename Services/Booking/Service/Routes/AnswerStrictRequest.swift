import Authentication
import BookingDomain
import EventLoop
import Idempotency
import JSONCoding
import Primitives
import Scheduling

/// Leads a strict request to the use case of its action, and says in its words what came of it.
struct AnswerStrictRequest: Sendable {
    private static let slotLimit = 50

    let desk: Desk
    let caller: Caller
    let key: IdempotencyRecord?

    @EventLoop init(_ desk: Desk, for caller: Caller, key: IdempotencyRecord?) {
        (self.desk, self.caller, self.key) = (desk, caller, key)
    }

    @EventLoop func callAsFunction(_ input: StrictInput) async throws -> StrictAnswer {
        let catalog = try await desk.catalogs.catalog(of: desk.store)
        try input.check(catalog.rules)
        switch input.decision {
        case .ask(let fields): return Self.question(fields)
        case .run(.findSlots): return try await findSlots(input)
        case .run(.book): return try await answer(.book, catalog, book(input, catalog))
        case .run(.confirm):
            return try await answer(
                .confirm, catalog, change(input, .confirm(try input.recipient(catalog.rules.phone))))
        case .run(.reschedule): return try await answer(.reschedule, catalog, reschedule(input, catalog))
        case .run(.cancel): return try await answer(.cancel, catalog, change(input, .cancel))
        }
    }

    /// What the same request was answered before; much of what it would be judged by has changed since.
    @EventLoop func earlier(_ input: StrictInput) async throws -> StrictAnswer? {
        guard case .run(let useCase) = input.decision, let view = try await desk.earlierAnswer(key) else { return nil }
        return answer(useCase, try await desk.catalogs.catalog(of: desk.store), view)
    }

    private static func question(_ fields: [StrictField]) -> StrictAnswer {
        guard !fields.isEmpty else {
            return StrictAnswer(.needInfo, "Il ne manque rien : le rendez-vous peut être pris.", missing: [])
        }
        let names = fields.map { field in
            switch field {
            case .careType: "le type de soin"
            case .slot: "le créneau souhaité"
            case .patient: "le nom et le téléphone du patient"
            case .appointment: "le rendez-vous concerné"
            }
        }
        return StrictAnswer(
            .needInfo, "Indiquez \(names.joined(separator: ", ")).", missing: fields.map(\.rawValue))
    }

    /// The bookable slots of the seven days from the slot that was named, or from now on.
    @EventLoop private func findSlots(_ input: StrictInput) async throws -> StrictAnswer {
        let from = input.slot?.start ?? desk.now()
        guard let careType = input.careType, let window = TimeRange(from, from + .seconds(7 * 86_400)) else {
            return Self.question([.careType])
        }
        let query = SlotQuery(
            careType, startingIn: window, practitioner: input.practitionerID, room: input.roomID)
        let found = try await FindSlots(desk)(query, limit: Self.slotLimit).slots.map(StrictSlotView.init)
        let message = found.isEmpty ? "Aucun créneau libre dans les sept jours." : "Créneaux libres : \(found.count)."
        return StrictAnswer(.slotsFound, message, slots: found)
    }

    /// Books the slot, or confirms the hold that keeps it for the caller.
    @EventLoop private func book(_ input: StrictInput, _ catalog: ClinicCatalog) async throws -> AppointmentView {
        guard let careType = input.careType, let slot = input.slot,
            let recipient = try input.recipient(catalog.rules.phone)
        else { throw BookingError.patientRequired }
        try check(slot, careType, catalog)
        guard let hold = input.appointmentID else {
            let wish = TakeSlot.Wish(
                careType: careType, start: slot.start, practitioner: input.practitionerID, room: input.roomID)
            return try await TakeSlot(desk)(wish, for: recipient, reason: input.reason, caller: caller, key: key)
        }
        let held = try await ReadAppointment(desk)(hold, caller: caller)
        guard held.start == slot.start, held.careType == careType.rawValue else {
            throw StrictInput.fault("/appointment_id", "cette réservation provisoire est d’un autre créneau ou soin")
        }
        return try await change(input, .confirm(recipient))
    }

    @EventLoop private func reschedule(_ input: StrictInput, _ catalog: ClinicCatalog) async throws -> AppointmentView {
        guard let id = input.appointmentID, let slot = input.slot else { throw NotFound() }
        let present = try await ReadAppointment(desk)(id, caller: caller)
        if let careType = CareType(rawValue: present.careType) { try check(slot, careType, catalog) }
        return try await change(
            input, .reschedule(to: slot.start, practitioner: input.practitionerID, room: input.roomID))
    }

    @EventLoop private func change(_ input: StrictInput, _ wanted: AppointmentChange) async throws -> AppointmentView {
        guard let id = input.appointmentID else { throw NotFound() }
        return try await ChangeAppointment(desk)(
            id, wanted, expected: nil, reason: input.reason, caller: caller, key: key)
    }

    /// How long a care lasts is the clinic's decision.
    private func check(_ slot: StrictInput.Place, _ careType: CareType, _ catalog: ClinicCatalog) throws {
        guard let care = catalog.clinic.careTypes[careType] else { throw BookingError.careTypeNotOffered }
        guard slot.duration == care.duration else {
            throw StrictInput.fault("/slot/duration_minutes", "ce soin dure \(care.duration.minutes) minutes ici")
        }
    }

    private func answer(
        _ useCase: StrictDecision.UseCase, _ catalog: ClinicCatalog, _ view: AppointmentView
    ) -> StrictAnswer {
        let (status, what): (StrictAnswer.Status, String) =
            switch useCase {
            case .findSlots, .book, .confirm: (.confirmed, "Rendez-vous confirmé")
            case .reschedule: (.rescheduled, "Rendez-vous déplacé")
            case .cancel: (.cancelled, "Rendez-vous annulé")
            }
        let (day, minute) = catalog.clinic.zone.local(view.start)
        let date = day.description.split(separator: "-").reversed().joined(separator: "/")
        return StrictAnswer(
            status, "\(what) : le \(date) à \(minute).", appointment: StrictAppointmentView(view))
    }
}
