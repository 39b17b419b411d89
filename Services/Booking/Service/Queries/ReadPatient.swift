import Authentication
import BookingDomain
import EventLoop
import Postgres
import Primitives
import Tenancy

/// Reads what is known of patients. Each reading leaves its line in the audit, in the same transaction.
struct ReadPatient: Sendable {
    let desk: Desk
    let caller: Caller

    @EventLoop init(_ desk: Desk, for caller: Caller) { (self.desk, self.caller) = (desk, caller) }

    @EventLoop func callAsFunction(_ id: Identifier<Patient>) async throws -> PatientView {
        try view(try await read(id, .read, [])[0][0])
    }

    /// All patients with this telephone: a family shares one.
    @EventLoop func search(_ phone: PhoneNumber) async throws -> [PatientView] {
        let condition = desk.patients.having(phone: phone)
        let rows = try await desk.store.data.batch([
            desk.patients.find(where: condition), AccessAudit.record(.search, by: caller, where: condition),
        ])
        return try rows[0].map(view)
    }

    /// Every answer ever given, the oldest first.
    @EventLoop func consents(of id: Identifier<Patient>) async throws -> [ConsentView] {
        try ConsentRows.consents(try await read(id, .readConsents, [ConsentRows.find(id)])[1]).map(ConsentView.init)
    }

    /// Who read or changed the data, the newest first: at most `count` lines, before the one numbered `number`.
    @EventLoop func accesses(to id: Identifier<Patient>, before number: Int?, count: Int) async throws -> [AccessView] {
        let lines = try await read(id, .readAccesses, [AccessAudit.find(id, before: number, limit: count)])[1]
        return try lines.map(AccessView.init)
    }

    /// Everything, in one document.
    @EventLoop func export(_ id: Identifier<Patient>) async throws -> PatientExport {
        let rows = try await read(
            id, .export,
            [
                ConsentRows.find(id),
                "SELECT \(AppointmentRow.columns) FROM appointments WHERE patient = \(id) ORDER BY starts_at, id",
                """
                SELECT h.* FROM appointment_history h JOIN appointments a ON a.id = h.appointment
                WHERE a.patient = \(id) ORDER BY h.appointment, h.version
                """,
                AccessAudit.find(id),
            ])
        let catalog = try await desk.catalogs.catalog(of: desk.store)
        var histories: [Identifier<Appointment>: [AppointmentHistory.Entry]] = [:]
        for row in rows[3] { histories[try row.get("appointment"), default: []].append(try .init(row)) }
        return PatientExport(
            exportedAt: desk.now(), patient: try view(rows[0][0]),
            consents: try ConsentRows.consents(rows[1]).map(ConsentView.init),
            appointments: try rows[2].map { row in
                let appointment = try AppointmentRow(row).appointment
                return .init(
                    appointment: AppointmentView(appointment, catalog),
                    history: AppointmentHistory(changes: histories[appointment.id] ?? []))
            },
            accesses: try rows[4].map(AccessView.init))
    }

    /// The patient's row and those of `more`. Throws ``NotFound`` when there is none, or not for this caller.
    @EventLoop private func read(
        _ id: Identifier<Patient>, _ action: AccessAudit.Action, _ more: [SQL]
    ) async throws -> [[Row]] {
        let audit = AccessAudit.record(action, by: caller, where: PatientRecords.visible(id, to: caller))
        var rows = try await desk.store.data.batch([audit, desk.patients.find(id, for: caller)] + more)
        rows.removeFirst()
        guard !rows[0].isEmpty else { throw NotFound() }
        return rows
    }

    @EventLoop private func view(_ row: Row) throws -> PatientView {
        PatientView(try desk.patients.patient(row), version: try row.get("version"))
    }
}
