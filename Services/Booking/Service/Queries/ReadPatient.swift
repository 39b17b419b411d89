import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy

/// Reads what is stored about patients. The same transaction records a line in the audit for each patient.
@EventLoop
struct ReadPatient {
    private static let candidatesAtOnce = 200

    let patients: PatientRecords

    init(_ patients: PatientRecords) { self.patients = patients }

    func callAsFunction(
        _ id: Identifier<Patient>, in tenant: TenantStore, by caller: Caller
    ) async throws -> PatientView {
        try await read(id, .read, .known(()), in: tenant, by: caller).patient
    }

    /// The patients that a search finds, by id, after the one with the id `last`: the first `count`, and one more if there
    /// is another page; that one is not for the caller and has no line in the audit.
    func search(
        _ search: PatientSearch, after last: Identifier<Patient>?, count: Int, in tenant: TenantStore,
        by caller: Caller
    ) async throws -> [PatientView] {
        let slug = tenant.tenant.slug
        var (found, last): ([StoredPatient], Identifier<Patient>?) = ([], last)
        while true {
            let candidates = try await tenant.data.ask(
                patients.candidates(for: search, after: last, limit: Self.candidatesAtOnce, in: slug))
            found += candidates.filter { candidate in
                guard case .known(let contact) = candidate.patient.identity else { return false }
                return search.finds(contact)
            }
            last = candidates.last?.patient.id
            if found.count > count || candidates.count < Self.candidatesAtOnce { break }
        }
        let shown = found.prefix(count).map(\.patient.id)
        try await tenant.data.ask(AccessAudit.record(.search, by: caller, ofEach: shown))
        return found.prefix(count + 1).map(\.view)
    }

    /// Every answer that the patient gave, the oldest first.
    func consents(
        of id: Identifier<Patient>, in tenant: TenantStore, by caller: Caller
    ) async throws -> [ConsentView] {
        try await read(id, .readConsents, Consents.find(id, for: caller), in: tenant, by: caller).more.map(
            ConsentView.init)
    }

    /// The lines of the audit, the newest first: at most `count`, before the one numbered `number`.
    func accesses(
        to id: Identifier<Patient>, before number: Int?, count: Int, in tenant: TenantStore, by caller: Caller
    ) async throws -> [AccessView] {
        try await read(
            id, .readAccesses, AccessAudit.find(id, for: caller, before: number, limit: count), in: tenant, by: caller
        ).more
    }

    /// The patient and the answer of `query`. Throws ``NotFound`` if there is none, or the caller may not know of them.
    private func read<Answer>(
        _ id: Identifier<Patient>, _ action: AccessView.Action, _ query: Query<Answer>, in tenant: TenantStore,
        by caller: Caller
    ) async throws -> (patient: PatientView, more: Answer) {
        let (_, found, answer) = try await tenant.data.ask(
            .run(AccessAudit.record(action, by: caller, where: PatientRecords.visible(id, to: caller))),
            patients.find(id, for: caller, in: tenant.tenant.slug), query)
        guard let found else { throw NotFound() }
        return (found.view, answer)
    }
}
