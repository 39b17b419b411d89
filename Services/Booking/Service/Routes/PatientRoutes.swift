import BookingDomain
import EventLoop
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import ServiceHost
import Tenancy

/// Patients: who they are, what they agreed to, and their rights over what is known of them.
@EventLoop
struct PatientRoutes {
    let service: BookingService

    private static let id: [String: any PathParameter.Type] = ["id": Identifier<Patient>.self]

    var routes: [Route] {
        [
            Route(
                .post, "/api/patients", "Takes a patient into the books.", access: .staffAndPatients,
                idempotency: .required,
                success: .created, problems: BookingProblems.ofKeyedWrites + [.patientExists], handler: register),
            Route(
                .get, "/api/patients", "Finds patients by telephone.", access: .staff, problems: [.unavailable],
                handler: search),
            Route(
                .get, "/api/patients/{id}", "Reads a patient; patients read themselves.", access: .staffAndPatients,
                parameters: Self.id, problems: [.notFound, .unavailable], handler: read),
            Route(
                .patch, "/api/patients/{id}", "Corrects name, telephone or e-mail address.", access: .staffAndPatients,
                parameters: Self.id,
                problems: BookingProblems.ofReplacing + [.appointmentConflict, .patientExists], handler: change),
            Route(
                .delete, "/api/patients/{id}", "Forgets who a patient is; appointments stay.",
                access: .allow(.admin), parameters: Self.id,
                problems: [.notFound, .patientExpected, .appointmentConflict, .unavailable], handler: erase),
            Route(
                .post, "/api/patients/{id}/consents", "Records what the patient agrees to, or no longer.",
                access: .staffAndPatients, idempotency: .required, parameters: Self.id, success: .created,
                problems: BookingProblems.ofKeyedWrites + [.notFound, .appointmentConflict], handler: recordConsent),
            Route(
                .get, "/api/patients/{id}/consents", "Every answer ever given, the oldest first.",
                access: .staffAndPatients,
                parameters: Self.id, problems: [.notFound, .unavailable], handler: consents),
            Route(
                .get, "/api/patients/{id}/export", "Everything that is known of a patient.", access: .personalData,
                parameters: Self.id, problems: [.notFound, .unavailable], handler: export),
            Route(
                .get, "/api/patients/{id}/accesses", "Who read or changed the data, the newest first.",
                access: .personalData, parameters: Self.id, problems: [.notFound, .invalidCursor, .unavailable],
                handler: accesses),
        ]
    }

    private func register(_ call: Call, _: NoQuery, _ body: RegistrationInput) async throws -> Reply<RegisteredPatient>
    {
        let desk = try await service.desk(of: call)
        let registered = try await RegisterPatient(desk)(
            body.contact(desk.phoneRule), consents: body.answers(at: desk.now()), caller: call.caller(),
            key: call.key("register patient"))
        return Reply(
            registered, entityTag: EntityTag(version: Int64(registered.version)),
            location: "/api/patients/\(registered.id)")
    }

    private func search(_ call: Call, _ query: PhoneQuery, _: NoBody) async throws -> Reply<Page<PatientView>> {
        let desk = try await service.desk(of: call)
        let phone = try desk.phoneRule.number(query.phone, at: "/phone")
        return Reply(Page(items: try await ReadPatient(desk, for: call.caller()).search(phone), next: nil))
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<PatientView> {
        try await reader(call)(call.path("id")).reply
    }

    private func change(_ call: Call, _: NoQuery, _ body: PatientChangeInput) async throws -> Reply<PatientView> {
        let desk = try await service.desk(of: call)
        let rule = desk.phoneRule
        return try await ChangePatient(desk)(call.path("id"), if: call.precondition(), caller: call.caller()) {
            try body.apply(to: $0, rule)
        }.reply
    }

    private func erase(_ call: Call, _ query: ErasureQuery, _: NoBody) async throws -> Reply<ErasureView> {
        let desk = try await service.desk(of: call)
        return Reply(
            try await ErasePatient(desk)(
                call.path("id"), cancelFuture: query.cancelFuture ?? false, caller: call.caller()))
    }

    private func recordConsent(_ call: Call, _: NoQuery, _ body: ConsentInput) async throws -> Reply<ConsentView> {
        let desk = try await service.desk(of: call)
        return Reply(
            try await ChangePatient(desk).record(
                body.consent(at: desk.now()), of: call.path("id"), caller: call.caller(),
                key: call.key("record consent")))
    }

    private func consents(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<Page<ConsentView>> {
        Reply(Page(items: try await reader(call).consents(of: call.path("id")), next: nil))
    }

    private func export(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<PatientExport> {
        Reply(try await reader(call).export(call.path("id")))
    }

    private func accesses(_ call: Call, _ query: PageQuery, _: NoBody) async throws -> Reply<Page<AccessView>> {
        let reader = try await reader(call)
        let (id, limit) = (try call.path("id", as: Identifier<Patient>.self), query.limit ?? .standard)
        let cursors = service.platform.cursors
        let purpose = "accesses \(reader.desk.store.data.schema) \(id)"
        let before = try query.cursor.map { try cursors.key(Int.self, from: $0, in: purpose) }
        let lines = try await reader.accesses(to: id, before: before, count: limit.value + 1)
        return Reply(try Page(lines, limit: limit) { try cursors.cursor(after: $0.number, in: purpose) })
    }

    private func reader(_ call: Call) async throws -> ReadPatient {
        ReadPatient(try await service.desk(of: call), for: try call.caller())
    }
}

extension PatientView {
    fileprivate var reply: Reply<PatientView> { Reply(self, entityTag: EntityTag(version: Int64(version))) }
}
