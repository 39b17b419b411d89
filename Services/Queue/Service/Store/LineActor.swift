import Authentication
import GuichetProtocol
import Primitives

/// Who changes a line.
enum LineActor: Sendable {
    /// The patient, by the token of a ticket or a code.
    case patient
    /// An employee of the tenant.
    case staff(UserID)
    /// A program that acts for the tenant.
    case serviceAccount(UserID)
    /// The service itself.
    case system

    /// An employee or a program that acts for the tenant.
    init(_ caller: Caller) {
        self = if caller.role == nil { .serviceAccount(caller.user) } else { .staff(caller.user) }
    }

    /// The name in the log.
    var kind: String {
        switch self {
        case .patient: "patient"
        case .staff: "staff"
        case .serviceAccount: "service_account"
        case .system: "system"
        }
    }

    /// The account; nil for patients and the service.
    var id: UserID? {
        switch self {
        case .staff(let id), .serviceAccount(let id): id
        case .patient, .system: nil
        }
    }
}
