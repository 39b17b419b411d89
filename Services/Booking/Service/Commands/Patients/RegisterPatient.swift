import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
import Idempotency
import Messaging
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Registers a patient, with their consents.
@EventLoop
struct RegisterPatient {
    struct Wish: Sendable {
        let contact: PatientContact
        let consents: [Consent]
    }

    let context: ServiceContext
    let patients: PatientRecords

    /// Throws ``PatientExists`` if the caller could find a patient of this name and telephone, and `tooManyPatients` if
    /// the account has as many as it may.
    func callAsFunction(
        _ wish: Wish, in tenant: TenantStore, by caller: Caller, key: IdempotencyRecord?
    ) async throws -> RegisteredPatient {
        let id = Identifier<Patient>.new(at: context.now)
        return try await AccountLimits.translate {
            try await PatientExists.detect {
                try await tenant.data.once(key) { transaction in
                    // The constraint does not know patients whose index is of an older rule.
                    let known = patients.find(.contact(wish.contact), for: caller, in: tenant.tenant.slug)
                    guard try await transaction.ask(known) == nil else { throw PatientExists() }
                    let account = caller.isPatient ? caller.account : nil
                    if let account { try await transaction.batch([AccountLimits.requireFewerPatients(of: account)]) }
                    let rows = try await transaction.batch(
                        [try patients.insert(id, wish.contact, account: account, in: tenant.tenant.slug)]
                            + wish.consents.map { Consents.insert($0, of: id, by: caller) }
                            + [AccessAudit.record(.register, by: caller, of: id)])
                    guard let row = rows.first?.first else { throw CorruptRow("patients") }
                    return RegisteredPatient(id: id, version: try row.version())
                }
            }
        }
    }
}

/// Another patient has this name and telephone.
struct PatientExists: Error {
    /// Runs `body`; throws ``PatientExists`` if the database refuses its name and telephone.
    @EventLoop static func detect<T>(_ body: @EventLoop () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as PostgresError where error.code == .conflict(constraint: "patients_once") {
            throw PatientExists()
        }
    }
}
