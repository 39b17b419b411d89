import IdentityDomain
import Primitives
import Runtime

/// What operators decide about Identity.
struct IdentityConfiguration {
    let accessTokenLifetime: Duration
    /// From login to the next login, however often tokens are refreshed in between.
    let sessionLifetime: Duration
    /// Attempts to log in, enrol or refresh per minute that one client address has.
    let attemptsPerMinute: Int
    let keySchedule: KeySchedule
    /// How long a tenant is closed before it may be removed.
    let removalDelay: Duration

    init(_ reader: inout ConfigurationReader) {
        accessTokenLifetime = reader.duration(
            "GUICHET_IDENTITY_ACCESS_TOKEN_LIFETIME", default: .seconds(600), in: .seconds(60) ... .seconds(900),
            "How long an access token is valid.")
        sessionLifetime = reader.duration(
            "GUICHET_IDENTITY_SESSION_LIFETIME", default: .seconds(7 * 86_400),
            in: .seconds(3600) ... .seconds(90 * 86_400),
            "From a login to the next one, however often tokens are refreshed in between.")
        let activationDelay = reader.duration(
            "GUICHET_IDENTITY_KEY_ACTIVATION_DELAY", default: .seconds(600), in: .seconds(60) ... .seconds(86_400),
            "From the publication of a signing key to its first use: every service must have received it by then.")
        let keyLifetime = reader.duration(
            "GUICHET_IDENTITY_KEY_LIFETIME", default: .seconds(90 * 86_400),
            in: .seconds(86_400) ... .seconds(366 * 86_400),
            "How long a signing key is used before another one replaces it.")
        attemptsPerMinute = reader.integer(
            "GUICHET_IDENTITY_ATTEMPTS_PER_MINUTE", default: 60, in: 1...100_000,
            "Attempts to log in, to enrol and to refresh per minute and client address, in one process.")
        removalDelay = reader.duration(
            "GUICHET_IDENTITY_REMOVAL_DELAY", default: .seconds(30 * 86_400),
            in: .seconds(0) ... .seconds(3650 * 86_400),
            "How long a tenant must have been closed before it may be removed.")
        // A verifier's clock may be 30 s behind; one minute covers that and the second that times are rounded to.
        keySchedule = KeySchedule(
            activationDelay: activationDelay, lifetime: keyLifetime, tail: accessTokenLifetime + .seconds(60))
    }
}
