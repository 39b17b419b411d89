import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
import Idempotency
import Postgres
import Primitives
import Tenancy

/// Corrects name, telephone or e-mail address of a patient. The link of the record may change with them: see
/// ``RecordLink``.
@EventLoop
struct ChangePatient {
    let patients: PatientRecords

    init(_ patients: PatientRecords) { self.patients = patients }

    /// Throws ``PatientExists`` if another patient has the new name and telephone.
    func callAsFunction(
        _ id: Identifier<Patient>, in tenant: TenantStore, by caller: Caller, if precondition: Precondition,
        to contact: (PatientContact) throws -> PatientContact
    ) async throws -> PatientView {
        let slug = tenant.tenant.slug
        return try await PatientExists.detect {
            try await tenant.data.transaction { transaction in
                let (found, _) = try await transaction.ask(
                    patients.find(id, for: caller, in: slug), .run(AccessAudit.record(.change, by: caller, of: id)))
                guard let found else { throw NotFound() }
                try precondition.check(found.version)
                var patient = found.patient
                guard case .known(let present) = patient.identity else { throw BookingError.patientErased }
                let contact = try contact(present)
                try patient.change(contact: contact)
                let link = found.link.after(changing: present, to: contact, byPatient: caller.isPatient)
                let update = try patients.update(patient, link, version: found.version, in: slug)
                guard let version = try await transaction.ask(update) else { throw Precondition.Fault.failed }
                return PatientView(patient, link, version: version)
            }
        }
    }
}
