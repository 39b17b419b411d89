import BookingDomain
import EventLoop
import Postgres
import Primitives
import Scheduling

/// What a patient account may not exceed. The database decides in the transaction that writes, in which the requests of one
/// account wait for each other.
enum AccountLimits {
    /// Raises GU004 if the account has as many appointments ahead.
    static func requireFewerBookings(than limit: Int, of account: Identifier<Actor>, at now: Instant) -> SQL {
        "SELECT require_fewer_bookings(\(account), \(limit)::int, \(now))"
    }

    /// Raises GU005 if the account has as many patients as it may.
    static func requireFewerPatients(of account: Identifier<Actor>) -> SQL {
        "SELECT require_fewer_patients(\(account), \(AccountLimit.patients)::int)"
    }

    /// Raises GU006 if the account has recorded as many answers of the patient as it may.
    static func requireFewerConsents(of patient: Identifier<Patient>, by account: Identifier<Actor>) -> SQL {
        "SELECT require_fewer_consents(\(account), \(patient), \(AccountLimit.consents)::int)"
    }

    /// Raises GU007 if the patient has another appointment at the time of this one.
    static func requireFreePatient(for appointment: Appointment, at now: Instant) -> SQL? {
        appointment.patient.map { patient in
            """
            SELECT require_free_patient(\(patient), \(appointment.id), \(appointment.slot.range.start),
                \(appointment.slot.range.end), \(now))
            """
        }
    }

    /// Why the database refused; nil for errors that are none of these.
    static func refusal(of error: PostgresError, bookings: Int = 0) -> BookingError? {
        switch error.code {
        case .raised("GU004"): .tooManyAppointments(limit: bookings)
        case .raised("GU005"): .tooManyPatients(limit: AccountLimit.patients)
        case .raised("GU006"): .tooManyConsents(limit: AccountLimit.consents)
        case .raised("GU007"): .patientBusy
        default: nil
        }
    }

    /// Runs `body`; throws why the database refused it.
    @EventLoop static func translate<T>(_ body: @EventLoop () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as PostgresError {
            throw refusal(of: error) ?? error
        }
    }
}
