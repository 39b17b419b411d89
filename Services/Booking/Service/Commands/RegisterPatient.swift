import Authentication
import BookingDomain
import EventLoop
import Idempotency
import Postgres
import Primitives
import Tenancy

/// Takes a patient into the books, with what the patient agreed to.
struct RegisterPatient: Sendable {
    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    /// Throws ``PatientExists`` when there is one of this name and telephone.
    @EventLoop func callAsFunction(
        _ contact: PatientContact, consents: [Consent], caller: Caller, key: IdempotencyRecord?
    ) async throws -> RegisteredPatient {
        let id = Identifier<Patient>.new(at: desk.now())
        do {
            return try await desk.store.data.once(key) { transaction in
                let account = caller.isPatient ? caller.account : nil
                try await transaction.batch(
                    [try desk.patients.insert(id, contact, account: account)]
                        + consents.map { ConsentRows.insert($0, of: id, by: caller) }
                        + [AccessAudit.record(.register, by: caller, of: id)])
                return RegisteredPatient(id: id, version: 1)
            }
        } catch let error as PostgresError where error.code == .conflict(constraint: "patients_once") {
            throw PatientExists()
        }
    }
}

/// There is a patient of this name and telephone already.
struct PatientExists: Error {}
