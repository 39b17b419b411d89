import HTTPServer
import Idempotency
import Postgres
import Runtime
import Tenancy

/// How errors of the shared modules are answered.
enum PlatformProblems {
    static func problem(_ error: any Error) -> Problem? {
        switch error {
        case TenantDirectory.Fault.unknown: .notFound
        case TenantDirectory.Fault.notReady:
            Problem(.unavailable, "Cet établissement est en cours de préparation.", retryAfter: .seconds(2))
        case Precondition.Fault.unstated: .preconditionRequired
        case Precondition.Fault.failed: .preconditionFailed
        case is RequestAbandoned: Problem(.unavailable, "Le client n’attend plus la réponse.")
        case let error as PostgresError: problem(error)
        default: IdempotencyRecord.fault(of: error).map(problem) ?? (error as? IdempotencyRecord.Fault).map(problem)
        }
    }

    private static func problem(_ error: PostgresError) -> Problem? {
        if let fault = IdempotencyRecord.fault(of: error) { return problem(fault) }
        if error.isLateCommit {
            return Problem(
                .unavailable, "La requête est arrivée trop tard et n’a pas été exécutée : réessayez.",
                retryAfter: .seconds(1))
        }
        switch error.code {
        case .unknownOutcome:
            return Problem(
                .outcomeUnknown,
                "On ignore si la demande a été enregistrée : renvoyez-la avec la même clé d’idempotence.",
                retryAfter: .seconds(1))
        case .unavailable, .poolExhausted, .timeout, .retryable:
            return Problem(
                .unavailable, "Le service est momentanément indisponible : réessayez dans un instant.",
                retryAfter: .seconds(1))
        case .conflict, .violation, .raised, .decoding, .other: return nil
        }
    }

    private static func problem(_ fault: IdempotencyRecord.Fault) -> Problem {
        switch fault {
        case .running:
            Problem(
                .idempotencyKeyInUse, "La même requête est en cours de traitement : réessayez dans un instant.",
                retryAfter: .seconds(1))
        case .reused:
            Problem(.idempotencyKeyReused, "Cette clé d’idempotence a servi à une autre requête : changez de clé.")
        }
    }
}
