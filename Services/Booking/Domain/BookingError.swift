/// Why a rule of booking said no.
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
    case versionConflict(current: Int)
    case clinicMismatch

    /// The name of the case towards the outside; once published it never changes.
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
        case .versionConflict: "version-conflict"
        case .clinicMismatch: "clinic-mismatch"
        }
    }
}
