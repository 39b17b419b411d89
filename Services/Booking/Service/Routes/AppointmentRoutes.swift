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

    var routes: [Route] {
        [
            Route(
                .get, "/api/slots", "Finds slots that can be booked.", access: .staffAndPatients,
                problems: [.bookingInvalid, .unavailable],
                handler: findSlots),
            Route(
                .post, "/api/appointments/holds", "Holds a slot for a while.", access: .staffAndPatients,
                idempotency: .required,
                success: .created, problems: BookingProblems.ofTakingSlots, handler: hold),
            Route(
                .post, "/api/appointments/create", "Books a slot for a patient.", access: .staffAndPatients,
                idempotency: .required, success: .created, problems: BookingProblems.ofTakingSlots, handler: create),
            Route(
                .get, "/api/appointments", "Lists appointments by start; patients see their own.",
                access: .staffAndPatients,
                problems: [.invalidCursor, .unavailable], handler: list),
            Route(
                .get, "/api/appointments/{id}", "Reads an appointment.", access: .staffAndPatients,
                parameters: ["id": Identifier<Appointment>.self], problems: [.notFound, .unavailable], handler: read),
            Route(
                .get, "/api/appointments/{id}/history", "Lists every change: what, when, who, why.", access: .staff,
                parameters: ["id": Identifier<Appointment>.self], problems: [.notFound, .unavailable], handler: history),
            Route(
                .post, "/api/appointments/{id}/confirm", "Turns a hold into an appointment.", access: .staffAndPatients,
                idempotency: .required, parameters: ["id": Identifier<Appointment>.self],
                problems: BookingProblems.ofChanges, handler: confirm),
            Route(
                .patch, "/api/appointments/{id}", "Moves an appointment, or records that it took place or not.",
                access: .staffAndPatients, idempotency: .accepted, parameters: ["id": Identifier<Appointment>.self],
                problems: BookingProblems.ofChanges + [.preconditionRequired, .forbidden], handler: change),
            Route(
                .delete, "/api/appointments/{id}", "Cancels an appointment or a hold.",
                access: .staffAndPatients,
                idempotency: .accepted, parameters: ["id": Identifier<Appointment>.self],
                problems: BookingProblems.ofChanges, handler: cancel),
        ]
    }

    private func findSlots(_ call: Call, _ query: SlotsQuery, _: NoBody) async throws -> Reply<SlotList> {
        let tenant = try await service.context.store(of: call)
        let found = try await service.findSlots(
            query.slotQuery(), in: tenant, limit: (query.limit ?? .standard).value)
        return Reply(SlotList(slots: found.slots, isCut: found.isCut))
    }

    private func hold(_ call: Call, _: NoQuery, _ body: HoldInput) async throws -> Reply<AppointmentView> {
        let tenant = try await service.context.store(of: call)
        let wish = TakeSlot.Wish(slot: body.slot, recipient: .hold, reason: nil)
        return try await service.takeSlot(wish, in: tenant, by: call.caller(), key: call.key("hold")).created
    }

    private func create(_ call: Call, _: NoQuery, _ body: BookingInput) async throws -> Reply<AppointmentView> {
        let tenant = try await service.context.store(of: call)
        guard let recipient = try body.recipient(tenant.phoneRule) else { throw BookingError.patientRequired }
        let wish = TakeSlot.Wish(slot: body.slot, recipient: recipient, reason: body.reason)
        return try await service.takeSlot(wish, in: tenant, by: call.caller(), key: call.key("create")).created
    }

    private func list(_ call: Call, _ query: AppointmentsQuery, _: NoBody) async throws -> Reply<Page<AppointmentView>>
    {
        let tenant = try await service.context.store(of: call)
        let (caller, limit) = (try call.caller(), query.limit ?? .standard)
        let cursors = service.context.platform.cursors
        let purpose = "appointments \(tenant.data.schema) \(caller.account)"
        let after = try query.cursor.map { try cursors.key(AppointmentList.Position.self, from: $0, in: purpose) }
        let list = AppointmentList(filter: query.filter, position: after)
        let views = try await service.listAppointments(list, in: tenant, by: caller, count: limit.value)
        let page = try Page(views, limit: limit) { last in
            try cursors.cursor(after: AppointmentList.Position(start: last.start, id: last.id), in: purpose)
        }
        return Reply(page)
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<AppointmentView> {
        let tenant = try await service.context.store(of: call)
        return try await service.readAppointment(call.path("id"), in: tenant, by: call.caller()).reply
    }

    private func history(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<AppointmentHistory> {
        let tenant = try await service.context.store(of: call)
        return Reply(
            try await service.readAppointment.history(of: call.path("id"), in: tenant, by: call.caller()))
    }

    private func confirm(_ call: Call, _: NoQuery, _ body: ConfirmInput) async throws -> Reply<AppointmentView> {
        let tenant = try await service.context.store(of: call)
        let recipient = try body.recipient(tenant.phoneRule)
        let wish = ChangeAppointment.Wish(change: .confirm(recipient), reason: body.reason)
        return try await service.changeAppointment(
            call.path("id"), wish, in: tenant, by: call.caller(), key: call.key("confirm")
        ).reply
    }

    private func change(_ call: Call, _: NoQuery, _ body: ChangeInput) async throws -> Reply<AppointmentView> {
        let tenant = try await service.context.store(of: call)
        let caller = try call.caller()
        let wish = ChangeAppointment.Wish(
            change: try body.change(mayRecord: !caller.isPatient), reason: body.reason,
            precondition: try call.precondition())
        return try await service.changeAppointment(
            call.path("id"), wish, in: tenant, by: caller, key: call.key("change")
        ).reply
    }

    private func cancel(_ call: Call, _ query: CancelQuery, _: NoBody) async throws -> Reply<AppointmentView> {
        let tenant = try await service.context.store(of: call)
        let stated = try call.precondition()
        let wish = ChangeAppointment.Wish(
            change: .cancel, reason: query.reason, precondition: stated == .unstated ? .anyVersion : stated)
        return try await service.changeAppointment(
            call.path("id"), wish, in: tenant, by: call.caller(), key: call.key("cancel")
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
