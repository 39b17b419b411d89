import BookingDomain
import Primitives
import Scheduling

// The members of problems beside the standard ones. The raw values of codes are those of `BookingError`.

/// Why a slot cannot be booked, and what can be booked instead.
struct SlotRefusal: Codable, Sendable {
    /// A reason for which a slot cannot be booked.
    enum Code: String, Codable, CaseIterable, Sendable {
        /// An appointment or a hold has the slot.
        case slotTaken = "slot-taken"
        /// The slot is outside the hours of the practitioner or the room, or on a holiday.
        case slotOutsideHours = "slot-outside-hours"
        /// The slot starts within the lead time of the clinic.
        case slotTooSoon = "slot-too-soon"
        /// The slot starts beyond the horizon of the clinic.
        case slotBeyondHorizon = "slot-beyond-horizon"
        /// The patient has another appointment at this time. Staff get a warning instead.
        case patientBusy = "patient-busy"
    }

    /// Why the slot cannot be booked.
    let code: Code
    /// Up to three free slots near the one that was wanted; absent where none was searched for.
    let alternatives: [SlotView]?
}

/// Why the state of an appointment does not permit a change.
struct AppointmentConflict: Codable, Sendable {
    /// A reason for which the state of an appointment does not permit a change.
    enum Code: String, Codable, CaseIterable, Sendable {
        /// The hold has lapsed.
        case holdExpired = "hold-expired"
        /// The hold has not lapsed yet.
        case holdNotExpired = "hold-not-expired"
        /// The status of the appointment does not permit this change.
        case transitionNotAllowed = "transition-not-allowed"
        /// The appointment is over.
        case appointmentOver = "appointment-over"
        /// The appointment has not started, so how it ended cannot be recorded.
        case appointmentNotStarted = "appointment-not-started"
        /// The clinic's cut-off for cancelling and moving has passed.
        case cancellationTooLate = "cancellation-too-late"
        /// The hold belongs to another patient.
        case patientMismatch = "patient-mismatch"
        /// The data of the patient have been erased.
        case patientErased = "patient-erased"
    }

    /// Why the change is not permitted.
    let code: Code
}

/// Which limit of bookings is reached.
struct BookingLimit: Codable, Sendable {
    /// A limit of bookings.
    enum Code: String, Codable, CaseIterable, Sendable {
        /// The patient has as many holds as the clinic permits.
        case tooManyHolds = "too-many-holds"
        /// The clinic processes as many bookings at a time as it permits.
        case tooManyBookings = "too-many-bookings"
        /// The clinic has taken as many bookings in a minute as it permits.
        case bookingsTooFast = "bookings-too-fast"
        /// The account has as many appointments ahead as the clinic permits.
        case tooManyAppointments = "too-many-appointments"
        /// The account has as many patients as it may.
        case tooManyPatients = "too-many-patients"
        /// The account has recorded as many answers of the patient as it may.
        case tooManyConsents = "too-many-consents"
    }

    /// Which limit is reached.
    let code: Code
}

/// How a request contradicts what the clinic offers.
struct InvalidBooking: Codable, Sendable {
    /// A way in which a request contradicts what the clinic offers.
    enum Code: String, Codable, CaseIterable, Sendable {
        /// The clinic does not offer this type of care.
        case careTypeNotOffered = "care-type-not-offered"
        /// The request does not say for which patient.
        case patientRequired = "patient-required"
        /// Address or time zone are not those of the clinic.
        case clinicMismatch = "clinic-mismatch"
        /// A number of the settings is outside its bounds.
        case settingOutOfRange = "setting-out-of-range"
    }

    /// How the request contradicts the offer.
    let code: Code
}

/// The appointments that prevent an erasure.
struct ExpectedPatient: Codable, Sendable {
    /// The upcoming appointments of the patient.
    let appointments: [Identifier<Appointment>]
}
