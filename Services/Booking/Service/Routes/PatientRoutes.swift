import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import ServiceHost
import Tenancy

/// Patients: contact, consents, and their rights over their personal data.
@EventLoop
struct PatientRoutes {
    let service: BookingService

    private static let id: [String: any PathParameter.Type] = ["id": Identifier<Patient>.self]

    var routes: [Route] {
        [
            Route(
                .post, "/api/patients", "Registers a patient.", access: .staffAndPatients,
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
                .delete, "/api/patients/{id}", "Erases a patient's personal data; appointments stay.",
                access: .allow(.admin), parameters: Self.id,
                problems: [.notFound, .patientExpected, .appointmentConflict, .unavailable], handler: erase),
            Route(
                .post, "/api/patients/{id}/consents", "Records what the patient agrees to or withdraws.",
                access: .staffAndPatients, idempotency: .required, parameters: Self.id, success: .created,
                problems: BookingProblems.ofKeyedWrites + [.notFound, .appointmentConflict], handler: recordConsent),
            Route(
                .get, "/api/patients/{id}/consents", "Lists every answer of the patient, the oldest first.",
                access: .staffAndPatients,
                parameters: Self.id, problems: [.notFound, .unavailable], handler: consents),
            Route(
                .get, "/api/patients/{id}/export", "Exports everything that is stored about a patient.",
                access: .personalData,
                parameters: Self.id, problems: [.notFound, .unavailable], handler: export),
            Route(
                .get, "/api/patients/{id}/accesses", "Lists who read or changed the data, the newest first.",
                access: .personalData, parameters: Self.id, problems: [.notFound, .invalidCursor, .unavailable],
                handler: accesses),
        ]
    }

    private func register(_ call: Call, _: NoQuery, _ body: RegistrationInput) async throws -> Reply<RegisteredPatient>
    {
        let tenant = try await service.context.store(of: call)
        let wish = RegisterPatient.Wish(
            contact: try body.contact(tenant.phoneRule), consents: try body.answers(at: service.context.now))
        let registered = try await service.registerPatient(
            wish, in: tenant, by: call.caller(), key: call.key("register patient"))
        return Reply(
            registered, entityTag: EntityTag(version: registered.version),
            location: "/api/patients/\(registered.id)")
    }

    private func search(_ call: Call, _ query: PhoneQuery, _: NoBody) async throws -> Reply<Page<PatientView>> {
        let tenant = try await service.context.store(of: call)
        let phone = try tenant.phoneRule.number(query.phone, at: "/phone")
        let found = try await service.readPatient.search(phone, in: tenant, by: call.caller())
        return Reply(Page(items: found, next: nil))
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<PatientView> {
        let tenant = try await service.context.store(of: call)
        return try await service.readPatient(call.path("id"), in: tenant, by: call.caller()).reply
    }

    private func change(_ call: Call, _: NoQuery, _ body: PatientChangeInput) async throws -> Reply<PatientView> {
        let tenant = try await service.context.store(of: call)
        return try await service.changePatient(
            call.path("id"), in: tenant, by: call.caller(), if: call.precondition()
        ) { try body.apply(to: $0, tenant.phoneRule) }.reply
    }

    private func erase(_ call: Call, _ query: ErasureQuery, _: NoBody) async throws -> Reply<ErasureView> {
        let tenant = try await service.context.store(of: call)
        return Reply(
            try await service.erasePatient(
                call.path("id"), cancelsFuture: query.cancelFuture ?? false, in: tenant, by: call.caller()))
    }

    private func recordConsent(_ call: Call, _: NoQuery, _ body: ConsentInput) async throws -> Reply<ConsentView> {
        let tenant = try await service.context.store(of: call)
        return Reply(
            try await service.recordConsent(
                body.consent(at: service.context.now), of: call.path("id"), in: tenant, by: call.caller(),
                key: call.key("record consent")))
    }

    private func consents(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<Page<ConsentView>> {
        let tenant = try await service.context.store(of: call)
        let consents = try await service.readPatient.consents(
            of: call.path("id"), in: tenant, by: call.caller())
        return Reply(Page(items: consents, next: nil))
    }

    private func export(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<PatientExport> {
        let tenant = try await service.context.store(of: call)
        return Reply(try await service.exportPatient(call.path("id"), in: tenant, by: call.caller()))
    }

    private func accesses(_ call: Call, _ query: PageQuery, _: NoBody) async throws -> Reply<Page<AccessView>> {
        let tenant = try await service.context.store(of: call)
        let (id, limit) = (try call.path("id", as: Identifier<Patient>.self), query.limit ?? .standard)
        let cursors = service.context.platform.cursors
        let purpose = "accesses \(tenant.data.schema) \(id)"
        let before = try query.cursor.map { try cursors.key(Int.self, from: $0, in: purpose) }
        let lines = try await service.readPatient.accesses(
            to: id, before: before, count: limit.value + 1, in: tenant, by: call.caller())
        return Reply(try Page(lines, limit: limit) { try cursors.cursor(after: $0.number, in: purpose) })
    }
}

extension PatientView {
    fileprivate var reply: Reply<PatientView> { Reply(self, entityTag: EntityTag(version: version)) }
}
