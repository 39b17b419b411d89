import Authentication
import BookingDomain
import EventLoop
import Postgres
import Primitives
import Tenancy

/// Forgets who a patient is. The appointments stay, under a pseudonym; what people wrote about them goes.
struct ErasePatient: Sendable {
    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    /// - Parameter cancelFuture: calls off what is still to come; otherwise ``PatientHasAppointments`` is thrown.
    @EventLoop func callAsFunction(
        _ id: Identifier<Patient>, cancelFuture: Bool, caller: Caller
    ) async throws -> ErasureView {
        var cancelled: [Identifier<Appointment>] = []
        if cancelFuture {
            for appointment in try await desk.store.data.query(Self.open(id, at: desk.now())) {
                let appointment: Identifier<Appointment> = try appointment.get("id")
                _ = try await ChangeAppointment(desk)(
                    appointment, .cancel, expected: nil, reason: nil, caller: caller, key: nil)
                cancelled.append(appointment)
            }
        }
        let erased = try await erase(id, AccessAudit.record(.erase, by: caller, of: id))
        return ErasureView(id: id, erasedAt: erased, cancelled: cancelled)
    }

    /// Forgets a patient whose data have been kept long enough. Throws ``PatientHasAppointments``.
    @EventLoop func afterRetention(_ id: Identifier<Patient>) async throws {
        _ = try await erase(id, AccessAudit.recordRetention(of: id))
    }

    @EventLoop private func erase(_ id: Identifier<Patient>, _ audit: SQL) async throws -> Instant {
        let now = desk.now()
        return try await desk.store.data.transaction { transaction in
            // The lock waits for bookings under way, which refer to the row; then they are seen below.
            let rows = try await transaction.batch(["\(desk.patients.find(id)) FOR UPDATE", Self.open(id, at: now)])
            guard let row = rows[0].first else { throw NotFound() }
            guard rows[1].isEmpty else {
                throw PatientHasAppointments(appointments: try rows[1].map { try $0.get("id") })
            }
            var patient = try desk.patients.patient(row)
            if case .erased(let instant) = patient.identity { return instant }
            patient.erase(at: now)
            try await transaction.batch([
                Self.forgetReasons(id), Self.forgetAnswers(id), Self.forgetAccounts(id),
                try desk.patients.update(patient, version: row.get("version")),
                audit,
            ])
            return now
        }
    }

    private static func open(_ id: Identifier<Patient>, at now: Instant) -> SQL {
        """
        SELECT id FROM appointments
        WHERE patient = \(id) AND (status = 'confirmed' OR held_until > \(now)) AND ends_at > \(now)
        ORDER BY starts_at
        """
    }

    /// The patient's own account, and those that booked for the patient.
    private static func accounts(_ id: Identifier<Patient>) -> SQL {
        """
        SELECT account FROM patients WHERE id = \(id) AND account IS NOT NULL
        UNION SELECT h.actor_id FROM appointment_history h JOIN appointments a ON a.id = h.appointment
            WHERE a.patient = \(id) AND h.actor = 'patient' AND h.actor_id IS NOT NULL
        """
    }

    /// Whoever booked for themselves or for a child did so with an account: what these appointments, and the holds and
    /// readings on the way to them, tell of it becomes a pseudonym.
    private static func forgetAccounts(_ id: Identifier<Patient>) -> SQL {
        let pseudonym = Identifier<Actor>.new()
        return """
            WITH accounts AS MATERIALIZED (
                \(accounts(id))
            ), theirs AS MATERIALIZED (
                SELECT id FROM appointments WHERE patient = \(id)
                    OR (patient IS NULL AND status <> 'held' AND owner IN (SELECT account FROM accounts))
            ), owners AS (
                UPDATE appointments SET owner = \(pseudonym)
                WHERE id IN (SELECT id FROM theirs) AND owner IN (SELECT account FROM accounts)
            ), recorders AS (
                UPDATE consents SET recorded_by = \(pseudonym)
                WHERE patient = \(id) AND recorded_by IN (SELECT account FROM accounts)
            ), readers AS (
                UPDATE access_audit SET actor = \(pseudonym)
                WHERE patient = \(id) AND actor IN (SELECT account FROM accounts)
            )
            UPDATE appointment_history SET actor_id = \(pseudonym)
            WHERE appointment IN (SELECT id FROM theirs) AND actor_id IN (SELECT account FROM accounts)
            """
    }

    /// What was typed as a reason may name the person.
    private static func forgetReasons(_ id: Identifier<Patient>) -> SQL {
        """
        UPDATE appointment_history SET reason = NULL
        WHERE reason IS NOT NULL AND appointment IN (SELECT id FROM appointments WHERE patient = \(id))
        """
    }

    /// Answers hold ids only, but beside them is a digest of what was asked, name and telephone included, and who asked.
    private static func forgetAnswers(_ id: Identifier<Patient>) -> SQL {
        """
        DELETE FROM idempotency_keys WHERE position(\(id.description) IN body) > 0
            OR EXISTS (SELECT FROM appointments a WHERE a.patient = \(id) AND position(a.id::text IN body) > 0)
            OR EXISTS (SELECT FROM (\(accounts(id))) AS accounts WHERE position(account::text IN scope) > 0)
        """
    }
}

/// Nobody is forgotten who is still expected.
struct PatientHasAppointments: Error {
    let appointments: [Identifier<Appointment>]
}
