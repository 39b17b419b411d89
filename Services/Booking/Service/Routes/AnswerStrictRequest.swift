import Authentication
import BookingDomain
import EventLoop
import Idempotency
import JSONCoding
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Runs the use case of a strict request, and answers in the terms of its specification.
@EventLoop
struct AnswerStrictRequest: Sendable {
    private static let slotLimit = 50

    private let service: BookingService
    private let tenant: TenantStore
    private let caller: Caller
    private let key: IdempotencyRecord?

    init(_ service: BookingService, in tenant: TenantStore, by caller: Caller, key: IdempotencyRecord?) {
        (self.service, self.tenant, self.caller, self.key) = (service, tenant, caller, key)
    }

    func callAsFunction(_ input: StrictInput) async throws -> StrictAnswer {
        let catalog = try await service.readCalendar.catalog(in: tenant)
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

    /// The answer to the same request before; nil if there is none. It is read first, since the request may no longer be
    /// valid by now.
    func earlier(_ input: StrictInput) async throws -> StrictAnswer? {
        guard case .run(let useCase) = input.decision,
            let view = try await service.readAppointment.answered(under: key, in: tenant)
        else { return nil }
        return answer(useCase, try await service.readCalendar.catalog(in: tenant), view)
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

    /// The bookable slots of the seven days from the named slot on, or from now on.
    private func findSlots(_ input: StrictInput) async throws -> StrictAnswer {
        let from = input.slot?.start ?? service.context.now
        guard let careType = input.careType, let window = TimeRange(from, from + .seconds(7 * 86_400)) else {
            return Self.question([.careType])
        }
        let query = SlotQuery(
            careType, startingIn: window, practitioner: input.practitionerID, room: input.roomID)
        let found = try await service.findSlots(query, in: tenant, by: caller, limit: Self.slotLimit).slots
            .map(StrictSlotView.init)
        let message = found.isEmpty ? "Aucun créneau libre dans les sept jours." : "Créneaux libres : \(found.count)."
        return StrictAnswer(.slotsFound, message, slots: found)
    }

    /// Books the slot, or confirms the hold that keeps it for the caller.
    private func book(_ input: StrictInput, _ catalog: ClinicCatalog) async throws -> AppointmentView {
        guard let careType = input.careType, let slot = input.slot,
            let recipient = try input.recipient(catalog.rules.phone)
        else { throw BookingError.patientRequired }
        try check(slot, careType, catalog)
        guard let hold = input.appointmentID else {
            let query = SlotQuery(
                careType, at: slot.start, practitioner: input.practitionerID, room: input.roomID)
            let wish = TakeSlot.Wish(slot: query, recipient: recipient, reason: input.reason)
            return try await service.takeSlot(wish, in: tenant, by: caller, key: key)
        }
        let held = try await service.readAppointment(hold, in: tenant, by: caller)
        guard held.start == slot.start, held.careType == careType.rawValue else {
            throw StrictInput.fault("/appointment_id", "cette réservation provisoire est d’un autre créneau ou soin")
        }
        return try await change(input, .confirm(recipient))
    }

    private func reschedule(_ input: StrictInput, _ catalog: ClinicCatalog) async throws -> AppointmentView {
        guard let id = input.appointmentID, let slot = input.slot else { throw NotFound() }
        let present = try await service.readAppointment(id, in: tenant, by: caller)
        if let careType = CareType(rawValue: present.careType) { try check(slot, careType, catalog) }
        return try await change(
            input, .reschedule(to: slot.start, practitioner: input.practitionerID, room: input.roomID))
    }

    private func change(_ input: StrictInput, _ wanted: AppointmentChange) async throws -> AppointmentView {
        guard let id = input.appointmentID else { throw NotFound() }
        return try await service.changeAppointment(
            id, .init(change: wanted, reason: input.reason), in: tenant, by: caller, key: key)
    }

    /// Throws ``InvalidInput`` unless the slot is as long as the clinic's care.
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
