import HTTPServer
import JSONCoding
import Primitives
import QueueDomain

// The problems that errors of Queue are answered by.

extension ProblemType {
    /// The state of the queue or of the ticket does not permit it; `code` says why.
    static let queueConflict = ProblemType(
        "queue-conflict", 409, "La file ne le permet pas", with: QueueConflict.self)
    /// The code of the queue is not valid, or no longer.
    static let joinTokenRefused = ProblemType("join-token-refused", 403, "Code de la file refusé")
    /// The appointment cannot check in; `code` says why.
    static let checkInRefused = ProblemType(
        "check-in-refused", 409, "Arrivée impossible", with: CheckInConflict.self)
    /// So many wrong codes were sent for a ticket that only staff give its token again.
    static let ticketCodeLocked = ProblemType("ticket-code-locked", 403, "Code du ticket bloqué")
    /// The tenant has as many displays as it may have.
    static let displayLimit = ProblemType("display-limit", 409, "Trop d’écrans")
}

enum QueueProblems {
    static func problem(_ error: any Error) -> Problem? {
        switch error {
        case let error as QueueError:
            Problem(
                .queueConflict, sentence(error),
                members: QueueConflict.QueueConflictCode(rawValue: error.slug).map(QueueConflict.init))
        case is JoinQueue.CodeRefused:
            Problem(.joinTokenRefused, "Ce code n’est plus valable : scannez celui qui est affiché à l’entrée.")
        case let refusal as CheckInRefusal:
            Problem(.checkInRefused, sentence(refusal), members: CheckInConflict(code: .init(refusal)))
        case is TicketCodeLocked:
            Problem(.ticketCodeLocked, "Trop de codes erronés pour ce ticket : adressez-vous à l’accueil.")
        case is TooManyDisplays: Problem(.displayLimit, "L’établissement a \(Displays.limit) écrans au plus.")
        case is TooManyPairings:
            Problem(.tooManyRequests, "Trop d’écrans attendent leur confirmation.", retryAfter: .seconds(60))
        case let unknown as UnknownQueues:
            Problem(
                .invalidBody, "Le contenu de la requête est incorrect.",
                errors: unknown.places.map {
                    .init(pointer: "/queues/\($0)", detail: "file inconnue ou citée deux fois")
                })
        case is NotFound: .notFound
        default: nil
        }
    }

    private static func sentence(_ refusal: CheckInRefusal) -> String {
        switch refusal {
        case .unknown: "Ce rendez-vous est inconnu, ou vient d’être pris : réessayez dans un instant."
        case .notConfirmed: "Ce rendez-vous n’est pas confirmé, ou il est passé."
        case .notToday: "Ce rendez-vous n’est pas aujourd’hui."
        }
    }

    private static func sentence(_ error: QueueError) -> String {
        switch error {
        case .queueClosed: "La file est fermée."
        case .queueFull(let limit): "La file est complète : elle prend \(limit) tickets au plus."
        case .ticketElsewhere: "Vous avez déjà un ticket dans une autre file de l’établissement."
        case .transitionNotAllowed(let status): "L’état du ticket (\(status.rawValue)) ne le permet pas."
        case .counterRequired: "Indiquez le guichet."
        case .counterUnknown: "Ce guichet n’appartient pas à la file."
        case .counterNotInService: "Ce guichet n’est pas en service."
        case .counterOccupied: "Ce guichet a un autre ticket."
        case .recallLimit(let limit): "Ce ticket a déjà été rappelé \(limit) fois."
        case .returnLimit(let limit): "Vous avez déjà laissé passer votre tour \(limit) fois : voyez l’accueil."
        case .nothingToUndo: "Il n’y a rien à annuler."
        case .undoTooLate: "Il est trop tard pour annuler."
        case .lastInLine: "Personne n’attend après vous."
        case .queueUnknown: "L’établissement n’a pas cette file."
        case .sameQueue: "Le ticket est déjà dans cette file."
        case .counterLabelTaken: "Un autre guichet de la file porte déjà ce nom."
        case .tooManyCounters(let limit): "Une file a \(limit) guichets au plus."
        }
    }
}
