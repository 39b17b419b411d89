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
                .post, "/api/appointments/holds", "Keeps a slot for a while.", access: .staffAndPatients,
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
                .get, "/api/appointments/{id}/history", "Every change: what, when, who, why.", access: .staff,
                parameters: ["id": Identifier<Appointment>.self], problems: [.notFound, .unavailable], handler: history),
            Route(
                .post, "/api/appointments/{id}/confirm", "Makes a hold an appointment.", access: .staffAndPatients,
                idempotency: .required, parameters: ["id": Identifier<Appointment>.self],
                problems: BookingProblems.ofChanges, handler: confirm),
            Route(
                .patch, "/api/appointments/{id}", "Moves an appointment, or says that it took place or not.",
                access: .staffAndPatients, idempotency: .accepted, parameters: ["id": Identifier<Appointment>.self],
                problems: BookingProblems.ofChanges + [.preconditionRequired, .forbidden], handler: change),
            Route(
                .delete, "/api/appointments/{id}", "Calls an appointment off, or gives a hold back.",
                access: .staffAndPatients,
                idempotency: .accepted, parameters: ["id": Identifier<Appointment>.self],
                problems: BookingProblems.ofChanges, handler: cancel),
        ]
    }

    private func findSlots(_ call: Call, _ query: SlotsQuery, _: NoBody) async throws -> Reply<SlotList> {
        let desk = try await service.desk(of: call)
        let found = try await FindSlots(desk)(try query.slotQuery(), limit: (query.limit ?? .standard).value)
        return Reply(SlotList(slots: found.slots, isCut: found.isCut))
    }

    private func hold(_ call: Call, _: NoQuery, _ body: HoldInput) async throws -> Reply<AppointmentView> {
        let desk = try await service.desk(of: call)
        let wish = TakeSlot.Wish(
            careType: body.careType, start: body.start, practitioner: body.practitioner, room: body.room)
        return try await take(wish, for: .hold, reason: nil, at: desk, call, call.key("hold"))
    }

    private func create(_ call: Call, _: NoQuery, _ body: BookingInput) async throws -> Reply<AppointmentView> {
        let desk = try await service.desk(of: call)
        guard let recipient = try body.recipient(desk.phoneRule) else { throw BookingError.patientRequired }
        let wish = TakeSlot.Wish(
            careType: body.careType, start: body.start, practitioner: body.practitioner, room: body.room)
        return try await take(wish, for: recipient, reason: body.reason, at: desk, call, call.key("create"))
    }

    /// However busy the clinic is, what was answered once is answered again.
    private func take(
        _ wish: TakeSlot.Wish, for recipient: Recipient, reason: Reason?, at desk: Desk, _ call: Call,
        _ key: IdempotencyRecord?
    ) async throws -> Reply<AppointmentView> {
        do {
            return try await service.gated(desk) {
                try await TakeSlot(desk)(wish, for: recipient, reason: reason, caller: call.caller(), key: key).created
            }
        } catch let error as BookingError where error.isAboutTheRush {
            guard let earlier = try await desk.earlierAnswer(key) else { throw error }
            return earlier.created
        }
    }

    private func list(_ call: Call, _ query: AppointmentsQuery, _: NoBody) async throws -> Reply<Page<AppointmentView>>
    {
        let desk = try await service.desk(of: call)
        let (caller, limit) = (try call.caller(), query.limit ?? .standard)
        let cursors = service.platform.cursors
        let purpose = "appointments \(desk.store.data.schema) \(caller.account)"
        let after = try query.cursor.map { try cursors.key(ListAppointments.Position.self, from: $0, in: purpose) }
        let views = try await ListAppointments(desk)(query.filter, after: after, count: limit.value, caller: caller)
        let page = try Page(views, limit: limit) { last in
            try cursors.cursor(after: ListAppointments.Position(start: last.start, id: last.id), in: purpose)
        }
        return Reply(page)
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<AppointmentView> {
        let desk = try await service.desk(of: call)
        return try await ReadAppointment(desk)(call.path("id"), caller: call.caller()).reply
    }

    private func history(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<AppointmentHistory> {
        let desk = try await service.desk(of: call)
        return Reply(try await ReadAppointment(desk).history(of: call.path("id"), caller: call.caller()))
    }

    private func confirm(_ call: Call, _: NoQuery, _ body: ConfirmInput) async throws -> Reply<AppointmentView> {
        let desk = try await service.desk(of: call)
        let recipient = try body.recipient(desk.phoneRule)
        return try await ChangeAppointment(desk)(
            call.path("id"), .confirm(recipient), expected: nil, reason: body.reason, caller: call.caller(),
            key: call.key("confirm")
        ).reply
    }

    private func change(_ call: Call, _: NoQuery, _ body: ChangeInput) async throws -> Reply<AppointmentView> {
        let desk = try await service.desk(of: call)
        let caller = try call.caller()
        let wanted = try body.change(mayRecord: !caller.isPatient)
        let expected = try call.expectedVersion().map { Int($0.version) }
        return try await ChangeAppointment(desk)(
            call.path("id"), wanted, expected: expected, reason: body.reason, caller: caller, key: call.key("change")
        ).reply
    }

    private func cancel(_ call: Call, _ query: CancelQuery, _: NoBody) async throws -> Reply<AppointmentView> {
        let desk = try await service.desk(of: call)
        let expected = call.header("if-match") == nil ? nil : try call.expectedVersion().map { Int($0.version) }
        return try await ChangeAppointment(desk)(
            call.path("id"), .cancel, expected: expected, reason: query.reason, caller: call.caller(),
            key: call.key("cancel")
        ).reply
    }
}

extension AppointmentView {
    /// The answer that shows the appointment.
    var reply: Reply<AppointmentView> { Reply(self, entityTag: EntityTag(version: Int64(version))) }

    /// The answer to the request that made it.
    var created: Reply<AppointmentView> {
        Reply(self, entityTag: EntityTag(version: Int64(version)), location: "/api/appointments/\(id)")
    }
}
