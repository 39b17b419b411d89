package import Cryptography
import IdentityDomain
package import Runtime

/// What operations decide about Identity.
package struct IdentityConfiguration: Sendable {
    package var tokenIssuer: String
    package var tokenAudience: String
    /// The names of the PostgreSQL servers that tenants may be put on, the usual one first.
    package var databases: [String]
    /// How long an access token counts: at most ``TokenSigner/maximumLifetime``.
    package var accessTokenLifetime: Duration = .seconds(600)
    /// From login to the next login, however often tokens are refreshed in between.
    package var sessionLifetime: Duration = .seconds(7 * 86_400)
    /// From the publication of a signing key to its first use.
    package var keyActivationDelay: Duration = .seconds(600)
    /// How long a signing key is used.
    package var keyLifetime: Duration = .seconds(90 * 86_400)
    /// Attempts to log in, enrol or refresh per minute that one client address has.
    package var attemptsPerMinute = 60
    /// What a new password costs to hash.
    package var passwordCost = ScryptCost.standard

    /// With the standard values for everything that can have one.
    package init(tokenIssuer: String, tokenAudience: String, databases: [String]) {
        precondition(!databases.isEmpty, "tenants need a database server")
        self.tokenIssuer = tokenIssuer
        self.tokenAudience = tokenAudience
        self.databases = databases
    }

    /// Reads the variables of Identity over the standard values.
    package mutating func read(_ reader: inout ConfigurationReader) {
        accessTokenLifetime = reader.duration(
            "GUICHET_IDENTITY_ACCESS_TOKEN_LIFETIME", default: accessTokenLifetime, in: .seconds(60) ... .seconds(900),
            "How long an access token counts.")
        sessionLifetime = reader.duration(
            "GUICHET_IDENTITY_SESSION_LIFETIME", default: sessionLifetime, in: .seconds(3600) ... .seconds(90 * 86_400),
            "From a login to the next one, however often tokens are refreshed in between.")
        keyActivationDelay = reader.duration(
            "GUICHET_IDENTITY_KEY_ACTIVATION_DELAY", default: keyActivationDelay,
            in: .seconds(60) ... .seconds(86_400),
            "From the publication of a signing key to its first use: every service must have learnt of it by then.")
        keyLifetime = reader.duration(
            "GUICHET_IDENTITY_KEY_LIFETIME", default: keyLifetime, in: .seconds(86_400) ... .seconds(366 * 86_400),
            "How long a signing key is used before another one replaces it.")
        attemptsPerMinute = reader.integer(
            "GUICHET_IDENTITY_ATTEMPTS_PER_MINUTE", default: attemptsPerMinute, in: 1...100_000,
            "Attempts to log in, to enrol and to refresh per minute and client address, in one process.")
    }

    /// A verifier's clock may be 30 s behind; one minute covers that and the second that times are rounded to.
    var keySchedule: KeySchedule {
        KeySchedule(
            activationDelay: keyActivationDelay, lifetime: keyLifetime, tail: accessTokenLifetime + .seconds(60))
    }
}
