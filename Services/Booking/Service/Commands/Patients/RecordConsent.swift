import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
import Idempotency
import Postgres
import Primitives
import Tenancy

/// Records an answer of a patient; earlier answers stay.
@EventLoop
struct RecordConsent {
    let patients: PatientRecords

    init(_ patients: PatientRecords) { self.patients = patients }

    func callAsFunction(
        _ consent: Consent, of id: Identifier<Patient>, in tenant: TenantStore, by caller: Caller,
        key: IdempotencyRecord?
    ) async throws -> ConsentView {
        try await AccountLimits.translate {
            try await tenant.data.once(key) { transaction in
                let find = patients.find(id, for: caller, in: tenant.tenant.slug)
                guard var patient = try await transaction.ask(find)?.patient else { throw NotFound() }
                try patient.record(consent)
                if caller.isPatient {
                    try await transaction.batch([AccountLimits.requireFewerConsents(of: id, by: caller.account)])
                }
                try await transaction.batch([
                    Consents.insert(consent, of: id, by: caller), AccessAudit.record(.consent, by: caller, of: id),
                ])
                return ConsentView(consent)
            }
        }
    }
}
