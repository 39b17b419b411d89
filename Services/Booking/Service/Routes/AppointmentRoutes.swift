import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
import HTTPServer
import Idempotency
import Primitives
import ServiceHost
import Tenancy

/// Slots, holds and appointments, resource by resource.
@EventLoop
struct AppointmentRoutes {
    let service: BookingService
    private let slotAnswers: SlotAnswers

    init(service: BookingService) { (self.service, slotAnswers) = (service, SlotAnswers(service.findSlots)) }

    private static let id = PathVariable<Identifier<Appointment>>("id", "The appointment or the hold.")

    var routes: [Route] { slots + appointments }

    private var slots: [Route] {
        [
            Route(
                "findSlots", .get, "/api/slots", "Finds slots that can be booked.",
                access: .staffAndPatients.or(.slotsRead), sends: [.entityTag],
                problems: [.bookingInvalid, .notFound], handler: findSlots)
        ].tagged("Slots", "The times at which care can be booked.")
    }

    private var appointments: [Route] {
        [
            Route(
                "holdSlot", .post, "/api/appointments/holds", "Holds a slot for a while.",
                access: .staffAndPatients.or(.appointmentsWrite),
                idempotency: .required, sends: [.entityTag, .location], success: .created,
                problems: BookingProblems.ofTakingSlots, handler: hold),
            Route(
                "bookAppointment", .post, "/api/appointments/create", "Books a slot for a patient.",
                access: .staffAndPatients.or(.appointmentsWrite),
                idempotency: .required, sends: [.entityTag, .location], success: .created,
                problems: BookingProblems.ofTakingSlots, handler: create),
            Route(
                "listAppointments", .get, "/api/appointments", "Lists appointments by start; patients see their own.",
                access: .staffAndPatients.or(.appointmentsRead), handler: list),
            Route(
                "readAppointment", .get, "/api/appointments/\(Self.id)", "Reads an appointment.",
                access: .staffAndPatients.or(.appointmentsRead),
                sends: [.entityTag], handler: read),
            Route(
                "readAppointmentHistory", .get, "/api/appointments/\(Self.id)/history",
                "Lists every change: what, when, who, why.",
                access: .staff.or(.appointmentsRead), handler: history),
            Route(
                "confirmAppointment", .post, "/api/appointments/\(Self.id)/confirm",
                "Turns a hold into an appointment.",
                access: .staffAndPatients.or(.appointmentsWrite), idempotency: .required,
                sends: [.entityTag], problems: BookingProblems.ofChanges + [.preconditionFailed], handler: confirm),
            Route(
                "changeAppointment", .patch, "/api/appointments/\(Self.id)",
                "Moves an appointment, or records that it took place or not.",
                access: .staffAndPatients.or(.appointmentsWrite), idempotency: .accepted, ifMatch: .required,
                sends: [.entityTag], problems: BookingProblems.ofChanges, handler: change),
            Route(
                "cancelAppointment", .delete, "/api/appointments/\(Self.id)", "Cancels an appointment or a hold.",
                access: .staffAndPatients.or(.appointmentsWrite),
                idempotency: .accepted, ifMatch: .accepted, sends: [.entityTag], problems: BookingProblems.ofChanges,
                handler: cancel),
        ].tagged("Appointments", "Holds, appointments and their history.")
    }

    private func findSlots(
        _ call: Call, _ query: SlotsQuery, _: NoBody
    ) async throws -> Reply<EncodedContent<SlotList>> {
        let tenant = try await service.context.store(of: call)
        let zone = try await service.readCalendar.zone(of: tenant)
        let (slots, caller, limit) = (
            try query.slotQuery(in: zone), try call.caller(), (query.limit ?? .standard).value
        )
        guard let moving = query.except else {
            let content = try await slotAnswers(slots, in: tenant, by: caller, limit: limit)
            return Reply(content, entityTag: content.entityTag)
        }
        let found = try await service.findSlots(slots, except: moving, in: tenant, by: caller, limit: limit)
        let content = try EncodedContent(SlotList(slots: found.slots, isCut: found.isCut))
        return Reply(content, entityTag: content.entityTag)
    }

    private func hold(_ call: Call, _: NoQuery, _ body: HoldInput) async throws -> Reply<AppointmentView> {
        let tenant = try await service.context.store(of: call)
        let wish = TakeSlot.Wish(slot: body.slot, recipient: .hold, reason: nil)
        return try await service.takeSlot(wish, in: tenant, by: call.caller(), key: call.key()).created
    }

    private func create(_ call: Call, _: NoQuery, _ body: BookingInput) async throws -> Reply<AppointmentView> {
        let tenant = try await service.context.store(of: call)
        guard let recipient = try body.recipient(tenant.numberingPlan) else { throw BookingError.patientRequired }
        let wish = TakeSlot.Wish(slot: body.slot, recipient: recipient, reason: body.reason)
        return try await service.takeSlot(wish, in: tenant, by: call.caller(), key: call.key()).created
    }

    private func list(_ call: Call, _ query: AppointmentsQuery, _: NoBody) async throws -> Reply<Page<AppointmentView>>
    {
        let tenant = try await service.context.store(of: call)
        let caller = try call.caller()
        guard query.include == nil || !caller.isPatient else {
            throw Problem(.forbidden, "Seul l’établissement peut lire les noms.")
        }
        let position = { (view: AppointmentView) in AppointmentList.Position(start: view.start, id: view.id) }
        let page = try await call.page(query, of: "appointments \(caller.account)", by: position) { after, count in
            let list = AppointmentList(filter: query.filter, position: after)
            return try await service.listAppointments(
                list, hasNames: query.include == .patient, in: tenant, by: caller, count: count - 1)
        }
        return Reply(page)
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<AppointmentView> {
        let tenant = try await service.context.store(of: call)
        return try await service.readAppointment(call.path(Self.id), in: tenant, by: call.caller()).reply
    }

    private func history(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<AppointmentHistory> {
        let tenant = try await service.context.store(of: call)
        return Reply(
            try await service.readAppointment.history(of: call.path(Self.id), in: tenant, by: call.caller()))
    }

    private func confirm(_ call: Call, _: NoQuery, _ body: ConfirmInput) async throws -> Reply<AppointmentView> {
        let tenant = try await service.context.store(of: call)
        let recipient = try body.recipient(tenant.numberingPlan)
        let wish = ChangeAppointment.Wish(change: .confirm(recipient), reason: body.reason)
        return try await service.changeAppointment(
            call.path(Self.id), wish, in: tenant, by: call.caller(), key: call.key()
        ).reply
    }

    private func change(_ call: Call, _: NoQuery, _ body: ChangeInput) async throws -> Reply<AppointmentView> {
        let tenant = try await service.context.store(of: call)
        let caller = try call.caller()
        let wish = ChangeAppointment.Wish(
            change: try body.change(mayRecord: !caller.isPatient), reason: body.reason,
            precondition: try call.precondition())
        return try await service.changeAppointment(
            call.path(Self.id), wish, in: tenant, by: caller, key: call.key()
        ).reply
    }

    private func cancel(_ call: Call, _ query: CancelQuery, _: NoBody) async throws -> Reply<AppointmentView> {
        let tenant = try await service.context.store(of: call)
        let stated = try call.precondition()
        let wish = ChangeAppointment.Wish(
            change: .cancel, reason: query.reason, precondition: stated == .unstated ? .anyVersion : stated)
        return try await service.changeAppointment(
            call.path(Self.id), wish, in: tenant, by: call.caller(), key: call.key()
        ).reply
    }
}

extension AppointmentView {
    /// The answer that shows the appointment.
    var reply: Reply<AppointmentView> { Reply(self, entityTag: EntityTag(version: version)) }

    /// The answer to the request that made it.
    var created: Reply<AppointmentView> {
        Reply(self, entityTag: EntityTag(version: version), location: "/api/appointments/\(id)")
    }
}
