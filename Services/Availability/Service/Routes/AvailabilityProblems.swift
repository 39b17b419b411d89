import AvailabilityDomain
import HTTPServer
import JSONCoding
import Primitives

/// The problems that errors of Availability are answered with.
enum AvailabilityProblems {
    static func problem(_ error: any Error) -> Problem? {
        switch error {
        case let invalid as InvalidInput:
            Problem(.invalidBody, "Le contenu de la requête est incorrect.", errors: invalid.faults)
        case is UnknownPractitioner:
            Problem(
                .invalidBody, "Le contenu de la requête est incorrect.",
                errors: [.init(pointer: "/practitioner", detail: "praticien de l’établissement attendu")])
        case is NotFound: .notFound
        case is TooManyAlerts:
            Problem(
                .alertLimit,
                "Vous attendez déjà \(CareAlert.limitPerSubscriber) créneaux : supprimez d’abord une alerte.")
        default: nil
        }
    }
}
