/// Why a client does not get what it asks for, as the code that it receives.
enum Refusal: String, Error, Sendable {
    /// There is no token, or it is not valid.
    case unauthenticated
    /// The token, or the session, has ended.
    case expired
    /// The rights of the token, the tenant, or the origin of the page do not allow it.
    case forbidden
    /// There is no such ticket, or it has ended.
    case notFound = "not-found"
    /// The line is not known at present; the client should ask again.
    case busy
    /// The client has reached a limit.
    case limit = "too-many"
    /// The message is not of the protocol.
    case malformed

    /// What to tell the person before the screen.
    var message: String {
        switch self {
        case .unauthenticated: "Connectez-vous : un jeton d’accès valide est nécessaire."
        case .expired: "La session a expiré : reconnectez-vous."
        case .forbidden: "Vos droits ne permettent pas de suivre ces informations."
        case .notFound: "Ce ticket est inconnu ou terminé."
        case .busy: "La file n’est pas encore disponible : réessayez."
        case .limit: "Trop de connexions ou de demandes : réessayez plus tard."
        case .malformed: "Ce message est incorrect."
        }
    }
}
