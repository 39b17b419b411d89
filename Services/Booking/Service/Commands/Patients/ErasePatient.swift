import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Erases a patient's personal data. The appointments stay, under a pseudonym and without the typed reasons.
@EventLoop
struct ErasePatient {
    let context: ServiceContext
    let patients: PatientRecords
    let changeAppointment: ChangeAppointment

    /// - Parameter cancelsFuture: cancels the future appointments first; otherwise ``PatientHasAppointments`` is thrown.
    func callAsFunction(
        _ id: Identifier<Patient>, cancelsFuture: Bool, in tenant: TenantStore, by caller: Caller
    ) async throws -> ErasureView {
        var cancelled: [Identifier<Appointment>] = []
        if cancelsFuture {
            cancelled = try await tenant.data.ask(Erasure.openAppointments(of: id, at: context.now))
            for appointment in cancelled {
                _ = try await changeAppointment(
                    appointment, .init(change: .cancel), in: tenant, by: caller, key: nil)
            }
        }
        let erased = try await erase(id, in: tenant, by: caller)
        return ErasureView(id: id, erasedAt: erased, cancelled: cancelled)
    }

    /// Erases a patient at the end of the retention. Throws ``PatientHasAppointments``.
    func afterRetention(_ id: Identifier<Patient>, in tenant: TenantStore) async throws {
        _ = try await erase(id, in: tenant, by: nil)
    }

    private func erase(_ id: Identifier<Patient>, in tenant: TenantStore, by caller: Caller?) async throws -> Instant {
        let (now, slug) = (context.now, tenant.tenant.slug)
        return try await tenant.data.transaction { transaction in
            // The lock waits for bookings under way, which refer to the patient; so the second query sees them.
            let (found, open) = try await transaction.ask(
                patients.lock(id, in: slug), Erasure.openAppointments(of: id, at: now))
            guard let found else { throw NotFound() }
            guard open.isEmpty else { throw PatientHasAppointments(appointments: open) }
            var patient = found.patient
            if case .erased(let instant) = patient.identity { return instant }
            patient.erase(at: now)
            try await transaction.batch(Erasure.traces(of: id))
            let update = try patients.update(patient, version: found.version, in: slug)
            _ = try await transaction.ask(update, .run(AccessAudit.recordErasure(of: id, by: caller)))
            return now
        }
    }
}

/// The patient still has future appointments.
struct PatientHasAppointments: Error {
    let appointments: [Identifier<Appointment>]
}
