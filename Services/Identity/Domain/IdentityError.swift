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

    /// Another service account of the tenant has this name.
    case nameTaken
    /// The tenant has as many service accounts as it may have.
    case serviceAccountsExhausted
    /// The account has as many secrets as it may have.
    case secretsExhausted
    /// There is no such service account, its secret is wrong, or it may not have a token now.
    case clientInvalid
    case grantTypeUnsupported
    case scopeInvalid

    case tenantTaken
    case tenantReserved
    case timeZoneUnknown
    case databaseUnknown

    case subscriberNameTaken
    case subscribersExhausted
    case tooManyReplays(retryAfter: Duration)
    /// The broker has not done yet what the database says.
    case brokerUnavailable
    /// No key is active: the process has not read them yet.
    case noSigningKey
}
