import BookingDomain
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import Scheduling

// The problems that errors of Booking are answered by.

extension ProblemType {
    static let slotRefused = ProblemType("slot-refused", 409, "Créneau indisponible")
    static let appointmentConflict = ProblemType("appointment-conflict", 409, "Rendez-vous dans un autre état")
    static let bookingLimit = ProblemType("booking-limit", 429, "Trop de réservations à la fois")
    static let patientExists = ProblemType("patient-exists", 409, "Patient déjà enregistré")
    static let patientExpected = ProblemType("patient-expected", 409, "Patient encore attendu")
    static let bookingInvalid = ProblemType("booking-invalid", 422, "Demande impossible")
}

enum BookingProblems {
    /// Problems of routes that take a slot.
    static let ofTakingSlots: [ProblemType] = [.slotRefused, .bookingLimit, .bookingInvalid, .notFound]
    /// Problems of routes that change an appointment.
    static let ofChanges: [ProblemType] = [.appointmentConflict] + ofTakingSlots

    static func problem(_ error: any Error) -> Problem? {
        switch error {
        case let refused as SlotRefused:
            Problem(
                .slotRefused, sentence(refused.reason),
                extensions: ["code": refused.reason.slug, "alternatives": refused.alternatives])
        case let error as BookingError: problem(error)
        case let error as SettingOutOfRange:
            Problem(.bookingInvalid, sentence(error.setting), extensions: ["code": "setting-out-of-range"])
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
                extensions: ["appointments": expected.appointments])
        default: nil
        }
    }

    private static func problem(_ error: BookingError) -> Problem {
        let type: ProblemType =
            switch error {
            case .slotTaken, .slotOutsideHours, .slotTooSoon, .slotBeyondHorizon: .slotRefused
            case .tooManyHolds, .tooManyBookings, .bookingsTooFast: .bookingLimit
            case .careTypeNotOffered, .patientRequired, .clinicMismatch: .bookingInvalid
            default: .appointmentConflict
            }
        let wait: Duration? = type == .bookingLimit ? .seconds(1) : nil
        return Problem(type, sentence(error), extensions: ["code": error.slug], retryAfter: wait)
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
        case .patientErased: "Les données de ce patient ont été effacées."
        case .clinicMismatch: "L’adresse ou le fuseau horaire ne sont pas ceux de cet établissement."
        }
    }

    private static func sentence(_ setting: Setting) -> String {
        "\(setting.name) : valeur de \(setting.bounds.lowerBound) à \(setting.bounds.upperBound) attendue."
    }
}
