import IdentityDomain
import Primitives

/// Why Identity says no. None of the cases tells a stranger whether an account exists.
enum IdentityError: Error, Hashable {
    case invalidCredentials
    /// The password was right; a code of the authenticator application must come with it.
    case secondFactorRequired
    case secondFactorInvalid
    case ticketInvalid
    case tooManyAttempts(retryAfter: Duration)
    case refreshTokenInvalid
    case sessionEnded
    /// As many passwords are being hashed as the machine can bear.
    case hashingSaturated

    case passwordRefused(PasswordRules.Fault)
    case emailTaken
    case roleNotGrantable
    /// Nobody takes his own role away or shuts himself out.
    case ownAccount
    /// A tenant always keeps somebody who administers it.
    case lastAdministrator
    case notFound
    case versionConflict

    case tenantTaken
    case tenantReserved
    case timeZoneUnknown
    case databaseUnknown
    /// No key is active: the process has not read them yet.
    case noSigningKey
}
