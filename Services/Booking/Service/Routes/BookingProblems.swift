import BookingDomain
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import Scheduling

// The problems that errors of Booking are answered by.

extension ProblemType {
    /// The slot cannot be booked; `code` says why, and `alternatives` lists others.
    static let slotRefused = ProblemType("slot-refused", 409, "Créneau indisponible", with: SlotRefusal.self)
    /// The state of the appointment does not permit it; `code` says why.
    static let appointmentConflict = ProblemType(
        "appointment-conflict", 409, "Rendez-vous dans un autre état", with: AppointmentConflict.self)
    /// There are too many holds or bookings at a time; `code` says which.
    static let bookingLimit = ProblemType(
        "booking-limit", 429, "Trop de réservations à la fois", with: BookingLimit.self)
    /// A patient of this name and telephone number exists.
    static let patientExists = ProblemType("patient-exists", 409, "Patient déjà enregistré")
    /// The patient has upcoming appointments, so their data are not erased.
    static let patientExpected = ProblemType(
        "patient-expected", 409, "Patient encore attendu", with: ExpectedPatient.self)
    /// The request contradicts what the clinic offers; `code` says how.
    static let bookingInvalid = ProblemType("booking-invalid", 422, "Demande impossible", with: InvalidBooking.self)
}

enum BookingProblems {
    /// Problems of routes that take a slot.
    static let ofTakingSlots: [ProblemType] = [.slotRefused, .bookingLimit, .bookingInvalid, .notFound]
    /// Problems of routes that change an appointment.
    static let ofChanges: [ProblemType] = [.appointmentConflict] + ofTakingSlots

    static func problem(_ error: any Error) -> Problem? {
        switch error {
        case let refused as SlotRefused:
            refusal(refused.reason, alternatives: refused.alternatives)
        case let error as BookingError: refusal(error)
        case let error as SettingOutOfRange:
            Problem(.bookingInvalid, sentence(error.setting), members: InvalidBooking(code: .settingOutOfRange))
        case let unfit as UnfitResources:
            Problem(
                .invalidBody, "Le contenu de la requête est incorrect.",
                errors: unfit.places.map { place in
                    .init(pointer: "/\(unfit.kind.rawValue)s/\(place)", detail: "inconnu, inactif ou cité deux fois")
                })
        case is RaceNeverWon:
            Problem(.unavailable, "D’autres demandes ont été plus rapides : réessayez.", retryAfter: .seconds(1))
        case is NotFound: .notFound
        case is PatientExists:
            Problem(.patientExists, "Un patient de ce nom et de ce numéro est déjà enregistré.")
        case let expected as PatientHasAppointments:
            Problem(
                .patientExpected,
                "Ce patient a des rendez-vous à venir : annulez-les d’abord, ou demandez cancelFuture.",
                members: ExpectedPatient(appointments: expected.appointments))
        default: nil
        }
    }

    /// The problem whose codes have that of the error.
    private static func refusal(_ error: BookingError, alternatives: [SlotView]? = nil) -> Problem {
        let (code, detail) = (error.slug, sentence(error))
        if let code = SlotRefusal.Code(rawValue: code) {
            return Problem(.slotRefused, detail, members: SlotRefusal(code: code, alternatives: alternatives))
        }
        if let code = BookingLimit.Code(rawValue: code) {
            return Problem(.bookingLimit, detail, members: BookingLimit(code: code), retryAfter: .seconds(1))
        }
        if let code = InvalidBooking.Code(rawValue: code) {
            return Problem(.bookingInvalid, detail, members: InvalidBooking(code: code))
        }
        let conflict = AppointmentConflict.Code(rawValue: code).map(AppointmentConflict.init)
        return Problem(.appointmentConflict, detail, members: conflict)
    }

    private static func sentence(_ error: BookingError) -> String {
        switch error {
        case .careTypeNotOffered: "Ce type de soin n’est pas proposé ici."
        case .slotTaken: "Ce créneau vient d’être pris."
        case .slotOutsideHours: "Ce créneau est en dehors des heures de consultation."
        case .slotTooSoon: "Ce créneau est trop proche pour être réservé."
        case .slotBeyondHorizon: "L’agenda n’est pas encore ouvert à cette date."
        case .holdExpired: "La réservation provisoire a expiré."
        case .holdNotExpired: "La réservation provisoire court encore."
        case .tooManyHolds(let limit): "Vous avez déjà \(limit) réservations provisoires."
        case .tooManyBookings(let limit): "L’établissement traite déjà \(limit) réservations : réessayez."
        case .bookingsTooFast(let limit): "L’établissement prend au plus \(limit) réservations par minute : réessayez."
        case .transitionNotAllowed(let from, _): "L’état du rendez-vous (\(from)) ne le permet pas."
        case .appointmentOver: "Le rendez-vous est passé."
        case .appointmentNotStarted: "Le rendez-vous n’a pas commencé."
        case .cancellationTooLate: "Il est trop tard pour annuler ou déplacer : appelez l’établissement."
        case .patientRequired: "Indiquez pour quel patient."
        case .patientMismatch: "Le rendez-vous est au nom d’un autre patient."
        case .patientBusy: "Ce patient a déjà un rendez-vous à cette heure."
        case .tooManyAppointments(let limit): "Vous avez déjà \(limit) rendez-vous à venir."
        case .tooManyPatients(let limit): "Vous avez déjà enregistré \(limit) patients."
        case .tooManyConsents(let limit): "Vous avez déjà donné \(limit) réponses pour ce patient."
        case .patientErased: "Les données de ce patient ont été effacées."
        case .clinicMismatch: "L’adresse ou le fuseau horaire ne sont pas ceux de cet établissement."
        }
    }

    private static func sentence(_ setting: Setting) -> String {
        "\(setting.name) : valeur de \(setting.bounds.lowerBound) à \(setting.bounds.upperBound) attendue."
    }
}
