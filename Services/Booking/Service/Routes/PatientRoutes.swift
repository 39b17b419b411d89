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

    private static let id = PathVariable<Identifier<Patient>>("id", "The patient.")

    var routes: [Route] {
        [
            Route(
                "registerPatient", .post, "/api/patients", "Registers a patient.",
                access: .staffAndPatients.or(.patientsWrite),
                idempotency: .required, sends: [.entityTag, .location], success: .created,
                problems: [.patientExists, .bookingLimit],
                handler: register),
            Route(
                "findPatients", .get, "/api/patients", "Finds patients by telephone, or by the beginning of a name.",
                access: .staff.or(.patientsRead), handler: search),
            Route(
                "readPatient", .get, "/api/patients/\(Self.id)", "Reads a patient; patients read themselves.",
                access: .staffAndPatients.or(.patientsRead), sends: [.entityTag], handler: read),
            Route(
                "changePatient", .patch, "/api/patients/\(Self.id)", "Corrects name, telephone or e-mail address.",
                access: .staffAndPatients.or(.patientsWrite), ifMatch: .required, sends: [.entityTag],
                problems: [.appointmentConflict, .patientExists],
                current: { try await read($0, NoQuery(), NoBody()) }, handler: change),
            Route(
                "linkPatient", .put, "/api/patients/\(Self.id)/account",
                "Links the record to a patient's account, which then sees all of it. Staff check who the person is.",
                access: .staff, sends: [.entityTag], problems: [.appointmentConflict, .patientExists], handler: link),
            Route(
                "unlinkPatient", .delete, "/api/patients/\(Self.id)/account",
                "Ends the link of the record to an account, which then sees only the appointments that it took.",
                access: .staff, sends: [.entityTag], problems: [.appointmentConflict, .patientExists], handler: unlink),
            Route(
                "erasePatient", .delete, "/api/patients/\(Self.id)",
                "Erases a patient's personal data; appointments stay.",
                access: .allow(.admin), problems: [.patientExpected, .appointmentConflict], handler: erase),
            Route(
                "recordConsent", .post, "/api/patients/\(Self.id)/consents",
                "Records what the patient agrees to or withdraws.",
                access: .staffAndPatients.or(.patientsWrite), idempotency: .required, success: .created,
                problems: [.appointmentConflict, .bookingLimit], handler: recordConsent),
            Route(
                "listConsents", .get, "/api/patients/\(Self.id)/consents",
                "Lists every answer of the patient, the oldest first.",
                access: .staffAndPatients.or(.patientsRead), handler: consents),
            Route(
                "exportPatient", .get, "/api/patients/\(Self.id)/export",
                "Exports everything that is stored about a patient.",
                access: .personalData, handler: export),
            Route(
                "listPatientAccesses", .get, "/api/patients/\(Self.id)/accesses",
                "Lists who read or changed the data, the newest first.",
                access: .personalData, handler: accesses),
        ].tagged("Patients", "Patients, their consents, and their rights over their data.")
    }

    private func register(_ call: Call, _: NoQuery, _ body: RegistrationInput) async throws -> Reply<RegisteredPatient>
    {
        let tenant = try await service.context.store(of: call)
        let wish = RegisterPatient.Wish(
            contact: try body.contact(tenant.numberingPlan), consents: try body.answers(at: service.context.now))
        let registered = try await service.registerPatient(
            wish, in: tenant, by: call.caller(), key: call.key())
        return Reply(
            registered, entityTag: EntityTag(version: registered.version),
            location: "/api/patients/\(registered.id)")
    }

    private func search(_ call: Call, _ query: PatientsQuery, _: NoBody) async throws -> Reply<Page<PatientView>> {
        let tenant = try await service.context.store(of: call)
        let (search, caller) = (try query.search(tenant.numberingPlan), try call.caller())
        let page = try await call.page(query, of: "patients", by: \.id) { after, count in
            try await service.readPatient.search(search, after: after, count: count - 1, in: tenant, by: caller)
        }
        return Reply(page)
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<PatientView> {
        let tenant = try await service.context.store(of: call)
        return try await service.readPatient(call.path(Self.id), in: tenant, by: call.caller()).reply
    }

    private func change(_ call: Call, _: NoQuery, _ body: PatientChangeInput) async throws -> Reply<PatientView> {
        let tenant = try await service.context.store(of: call)
        return try await service.changePatient(
            call.path(Self.id), in: tenant, by: call.caller(), if: call.precondition()
        ) { try body.apply(to: $0, tenant.numberingPlan) }.reply
    }

    private func link(_ call: Call, _: NoQuery, _ body: LinkInput) async throws -> Reply<PatientView> {
        let tenant = try await service.context.store(of: call)
        do {
            return try await service.linkPatient(
                call.path(Self.id), to: body.account, in: tenant, by: call.caller()
            ).reply
        } catch is AccountExpected {
            throw InvalidInput(faults: [.init(pointer: "/account", detail: "compte attendu")])
        }
    }

    private func unlink(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<PatientView> {
        let tenant = try await service.context.store(of: call)
        return try await service.linkPatient.end(call.path(Self.id), in: tenant, by: call.caller()).reply
    }

    private func erase(_ call: Call, _ query: ErasureQuery, _: NoBody) async throws -> Reply<ErasureView> {
        let tenant = try await service.context.store(of: call)
        return Reply(
            try await service.erasePatient(
                call.path(Self.id), cancelsFuture: query.cancelFuture ?? false, in: tenant, by: call.caller()))
    }

    private func recordConsent(_ call: Call, _: NoQuery, _ body: ConsentInput) async throws -> Reply<ConsentView> {
        let tenant = try await service.context.store(of: call)
        return Reply(
            try await service.recordConsent(
                body.consent(at: service.context.now), of: call.path(Self.id), in: tenant, by: call.caller(),
                key: call.key()))
    }

    private func consents(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<Page<ConsentView>> {
        let tenant = try await service.context.store(of: call)
        let consents = try await service.readPatient.consents(
            of: call.path(Self.id), in: tenant, by: call.caller())
        return Reply(Page(items: consents, next: nil))
    }

    private func export(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<PatientExport> {
        let tenant = try await service.context.store(of: call)
        return Reply(try await service.exportPatient(call.path(Self.id), in: tenant, by: call.caller()))
    }

    private func accesses(_ call: Call, _ query: PageQuery, _: NoBody) async throws -> Reply<Page<AccessView>> {
        let tenant = try await service.context.store(of: call)
        let (id, caller) = (try call.path(Self.id), try call.caller())
        let page = try await call.page(query, of: "accesses \(id)", by: \.number) { before, count in
            try await service.readPatient.accesses(to: id, before: before, count: count, in: tenant, by: caller)
        }
        return Reply(page)
    }
}

extension PatientView {
    fileprivate var reply: Reply<PatientView> { Reply(self, entityTag: EntityTag(version: version)) }
}
