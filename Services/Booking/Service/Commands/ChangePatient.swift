import Authentication
import BookingDomain
import EventLoop
import Idempotency
import Postgres
import Primitives
import Tenancy

/// Corrects how a patient is called and reached, and records what the patient agrees to.
struct ChangePatient: Sendable {
    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    /// Throws ``PatientExists`` when there is another one of the new name and telephone.
    @EventLoop func callAsFunction(
        _ id: Identifier<Patient>, if precondition: Precondition, caller: Caller,
        to contact: (PatientContact) throws -> PatientContact
    ) async throws -> PatientView {
        do {
            return try await desk.store.data.transaction { transaction in
                let rows = try await transaction.batch([
                    desk.patients.find(id, for: caller), AccessAudit.record(.change, by: caller, of: id),
                ])
                guard let row = rows[0].first else { throw NotFound() }
                let version: Int = try row.get("version")
                try precondition.check(version)
                var patient = try desk.patients.patient(row)
                guard case .known(let present) = patient.identity else { throw BookingError.patientErased }
                try patient.change(contact: contact(present))
                let written = try await transaction.query(try desk.patients.update(patient, version: version))
                guard let current = written.first else { throw Precondition.Fault.failed }
                return PatientView(patient, version: try current.get("version"))
            }
        } catch let error as PostgresError where error.code == .conflict(constraint: "patients_once") {
            throw PatientExists()
        }
    }

    /// Adds an answer; those given before stay.
    @EventLoop func record(
        _ consent: Consent, of id: Identifier<Patient>, caller: Caller, key: IdempotencyRecord?
    ) async throws -> ConsentView {
        try await desk.store.data.once(key) { transaction in
            guard let row = try await transaction.query(desk.patients.find(id, for: caller)).first else {
                throw NotFound()
            }
            var patient = try desk.patients.patient(row)
            try patient.record(consent)
            try await transaction.batch([
                ConsentRows.insert(consent, of: id, by: caller), AccessAudit.record(.consent, by: caller, of: id),
            ])
            return ConsentView(consent)
        }
    }
}
