/// Why Identity refuses a request. No case reveals to a stranger whether an account exists.
package enum IdentityError: Error, Hashable, Sendable {
    case invalidCredentials
    /// The password was right; a code of the authenticator application is needed, too.
    case secondFactorRequired
    case secondFactorInvalid
    case ticketInvalid
    case tooManyAttempts(retryAfter: Duration)
    case refreshTokenInvalid
    case sessionEnded
    /// The machine is hashing as many passwords as it can.
    case hashingSaturated

    case passwordRefused(PasswordRules.Fault)
    case emailTaken
    case roleNotGrantable
    /// Users cannot deactivate themselves or change their own role.
    case ownAccount
    /// A tenant always keeps one active administrator.
    case lastAdministrator

    case tenantTaken
    case tenantReserved
    case timeZoneUnknown
    case databaseUnknown

    case subscriberNameTaken
    case subscribersExhausted
    /// The broker has not done yet what the database says.
    case brokerUnavailable
    /// No key is active: the process has not read them yet.
    case noSigningKey
}
