/// Why a rule of booking refused a request.
package enum BookingError: Error, Hashable, Sendable {
    case careTypeNotOffered
    case slotTaken
    case slotOutsideHours
    case slotTooSoon
    case slotBeyondHorizon
    case holdExpired
    case holdNotExpired
    case tooManyHolds(limit: Int)
    case tooManyBookings(limit: Int)
    case bookingsTooFast(limit: Int)
    case transitionNotAllowed(from: String, to: AppointmentEvent)
    case appointmentOver
    case appointmentNotStarted
    case cancellationTooLate
    case patientRequired
    case patientMismatch
    case patientErased
    case patientBusy
    case tooManyAppointments(limit: Int)
    case tooManyPatients(limit: Int)
    case tooManyConsents(limit: Int)
    case clinicMismatch

    /// The published name of the case, which never changes.
    package var slug: String {
        switch self {
        case .careTypeNotOffered: "care-type-not-offered"
        case .slotTaken: "slot-taken"
        case .slotOutsideHours: "slot-outside-hours"
        case .slotTooSoon: "slot-too-soon"
        case .slotBeyondHorizon: "slot-beyond-horizon"
        case .holdExpired: "hold-expired"
        case .holdNotExpired: "hold-not-expired"
        case .tooManyHolds: "too-many-holds"
        case .tooManyBookings: "too-many-bookings"
        case .bookingsTooFast: "bookings-too-fast"
        case .transitionNotAllowed: "transition-not-allowed"
        case .appointmentOver: "appointment-over"
        case .appointmentNotStarted: "appointment-not-started"
        case .cancellationTooLate: "cancellation-too-late"
        case .patientRequired: "patient-required"
        case .patientMismatch: "patient-mismatch"
        case .patientErased: "patient-erased"
        case .patientBusy: "patient-busy"
        case .tooManyAppointments: "too-many-appointments"
        case .tooManyPatients: "too-many-patients"
        case .tooManyConsents: "too-many-consents"
        case .clinicMismatch: "clinic-mismatch"
        }
    }

    /// True if another slot may be free.
    package var refusesSlot: Bool {
        switch self {
        case .slotTaken, .slotOutsideHours, .slotTooSoon, .slotBeyondHorizon, .patientBusy: true
        default: false
        }
    }
}
