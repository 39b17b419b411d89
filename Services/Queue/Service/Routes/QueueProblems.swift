import HTTPServer
import Primitives
import QueueDomain

// The problems that errors of Queue are answered by.

extension ProblemType {
    /// The state of the queue or of the ticket does not permit it; `code` says why.
    static let queueConflict = ProblemType(
        "queue-conflict", 409, "La file ne le permet pas", with: QueueConflict.self)
    /// The code of the queue is not valid, or no longer.
    static let joinTokenRefused = ProblemType("join-token-refused", 403, "Code de la file refusé")
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
        case is NotFound: .notFound
        default: nil
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
