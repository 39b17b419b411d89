import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Links the record of a patient to an account, or ends the link.
@EventLoop
struct LinkPatient {
    let context: ServiceContext
    let patients: PatientRecords

    /// Links the record to an account; without one, to that which entered the record.
    ///
    /// Throws ``PatientExists`` if the clinic has another record of this name and telephone, and ``AccountExpected`` if no
    /// account is named and none entered the record.
    func callAsFunction(
        _ id: Identifier<Patient>, to account: Identifier<Actor>?, in tenant: TenantStore, by caller: Caller
    ) async throws -> PatientView {
        try await change(id, .link, in: tenant, by: caller) { link in
            guard let account = account ?? link.account else {
                throw AccountExpected()
            }
            return .linked(to: account)
        }
    }

    /// Ends the link; the record is the clinic's alone. Throws ``PatientExists`` like the link.
    func end(_ id: Identifier<Patient>, in tenant: TenantStore, by caller: Caller) async throws -> PatientView {
        try await change(id, .unlink, in: tenant, by: caller) { _ in .none }
    }

    private func change(
        _ id: Identifier<Patient>, _ action: AccessView.Action, in tenant: TenantStore, by caller: Caller,
        _ decide: (RecordLink) throws -> RecordLink
    ) async throws -> PatientView {
        let (now, slug) = (context.now, tenant.tenant.slug)
        return try await PatientExists.detect {
            try await tenant.data.transaction { transaction in
                guard let found = try await transaction.ask(patients.lock(id, in: slug)) else { throw NotFound() }
                try found.patient.requireKnown()
                let link = try decide(found.link)
                guard link != found.link else { return found.view }
                let (version, _) = try await transaction.ask(
                    PatientRecords.set(link, of: id, by: caller, at: now),
                    .run(AccessAudit.record(action, by: caller, of: id)))
                return PatientView(found.patient, link, version: version)
            }
        }
    }
}

/// The record of a patient is to be linked, and it is not known to which account.
struct AccountExpected: Error {}
