import HTTPServer
import IdentityDomain
import Primitives

// The problem types of Identity, in addition to those of every service.
extension ProblemType {
    /// The address or the password is wrong.
    static let invalidCredentials = ProblemType("invalid-credentials", 401, "Identifiants incorrects")
    /// The account has a second factor: send `code` as well.
    static let totpRequired = ProblemType("totp-required", 401, "Code de l’application exigé")
    /// The code is wrong or was used already.
    static let totpInvalid = ProblemType("totp-invalid", 401, "Code de l’application incorrect")
    /// The enrolment has expired: log in again for a new ticket.
    static let ticketInvalid = ProblemType("enrolment-ticket-invalid", 401, "Inscription expirée")
    /// The refresh token is unknown, used or expired: log in again.
    static let refreshTokenInvalid = ProblemType("refresh-token-invalid", 401, "Session terminée")
    /// The session has ended: log in again.
    static let sessionEnded = ProblemType("session-ended", 401, "Session terminée")
    /// The account is locked for this network or device after wrong attempts; `Retry-After` says for how long.
    static let tooManyAttempts = ProblemType("too-many-attempts", 429, "Trop de tentatives")
    /// The password breaks a rule; `detail` says which.
    static let passwordRefused = ProblemType("password-refused", 422, "Mot de passe refusé")
    /// A user of the tenant has this address.
    static let emailTaken = ProblemType("email-taken", 409, "Adresse déjà employée")
    /// The role is one that the caller may not grant or change.
    static let roleNotGrantable = ProblemType("role-not-grantable", 403, "Rôle hors de portée")
    /// Users cannot remove their own rights.
    static let ownAccount = ProblemType("own-account", 409, "Votre propre compte")
    /// A tenant keeps one active administrator.
    static let lastAdministrator = ProblemType("last-administrator", 409, "Dernier administrateur")
    /// A service account of the tenant has this name.
    static let nameTaken = ProblemType("name-taken", 409, "Nom déjà employé")
    /// The tenant has as many service accounts as it may have.
    static let serviceAccountsExhausted = ProblemType(
        "service-accounts-exhausted", 409, "Trop de comptes de service")
    /// The service account has two secrets: remove one first.
    static let secretsExhausted = ProblemType("secrets-exhausted", 409, "Trop de secrets")
    /// There is no such service account, its secret is wrong, or it has expired or is inactive.
    static let clientInvalid = ProblemType("client-invalid", 401, "Compte de service non reconnu")
    /// The token endpoint knows `client_credentials` alone.
    static let grantTypeUnsupported = ProblemType("grant-type-unsupported", 400, "Type d’octroi non accepté")
    /// The request names a scope that is unknown or that the service account does not have.
    static let scopeInvalid = ProblemType("scope-invalid", 400, "Portée refusée")
    /// The slug is a word of the suite's addresses.
    static let tenantReserved = ProblemType("tenant-reserved", 422, "Identifiant d’établissement réservé")
    /// A tenant has this slug.
    static let tenantTaken = ProblemType("tenant-taken", 409, "Identifiant d’établissement déjà pris")
    /// The time zone is not an IANA time zone.
    static let timeZoneUnknown = ProblemType("time-zone-unknown", 422, "Fuseau horaire inconnu")
    /// There is no database server of this name.
    static let databaseUnknown = ProblemType("database-unknown", 422, "Serveur de données inconnu")
    /// A subscriber of the tenant has this name.
    static let subscriberNameTaken = ProblemType("subscriber-name-taken", 409, "Nom d’abonné déjà pris")
    /// The tenant has as many subscribers as it may have.
    static let subscribersExhausted = ProblemType("too-many-subscribers", 409, "Trop d’abonnés")
}

enum IdentityProblems {
    /// The problem that answers an error; nil for errors of other modules.
    static func problem(_ error: any Error) -> Problem? {
        switch error {
        case is NotFound: .notFound
        case let error as IdentityError: error.problem
        default: nil
        }
    }
}

extension IdentityError {
    fileprivate var problem: Problem {
        switch self {
        case .invalidCredentials:
            Problem(.invalidCredentials, "L’adresse ou le mot de passe ne convient pas.")
        case .secondFactorRequired:
            Problem(.totpRequired, "Indiquez aussi le code affiché par votre application d’authentification.")
        case .secondFactorInvalid:
            Problem(.totpInvalid, "Ce code ne convient pas ou a déjà servi : attendez le suivant.")
        case .ticketInvalid:
            Problem(.ticketInvalid, "Cette inscription n’est plus valable : connectez-vous à nouveau.")
        case .tooManyAttempts(let wait):
            Problem(.tooManyAttempts, "Trop de tentatives : patientez avant de réessayer.", retryAfter: wait)
        case .refreshTokenInvalid:
            Problem(.refreshTokenInvalid, "Votre session est terminée : connectez-vous à nouveau.")
        case .sessionEnded: Problem(.sessionEnded, "Votre session est terminée : connectez-vous à nouveau.")
        case .hashingSaturated, .noSigningKey:
            Problem(
                .unavailable, "Trop de connexions en même temps : réessayez dans un instant.", retryAfter: .seconds(2))
        case .passwordRefused(let fault): Problem(.passwordRefused, fault.advice)
        case .emailTaken: Problem(.emailTaken, "Un utilisateur de l’établissement emploie déjà cette adresse.")
        case .roleNotGrantable:
            Problem(.roleNotGrantable, "Votre rôle ne permet pas de donner ce rôle ni de modifier qui le porte.")
        case .ownAccount:
            Problem(.ownAccount, "Demandez à un autre administrateur : on ne peut pas se retirer ses propres droits.")
        case .lastAdministrator:
            Problem(.lastAdministrator, "C’est le dernier administrateur actif : nommez-en d’abord un autre.")
        case .nameTaken: Problem(.nameTaken, "Un compte de service de l’établissement porte déjà ce nom.")
        case .serviceAccountsExhausted:
            Problem(
                .serviceAccountsExhausted,
                "L’établissement a déjà \(ServiceAccount.limit) comptes de service : supprimez-en un d’abord.")
        case .secretsExhausted:
            Problem(
                .secretsExhausted, "Ce compte a déjà \(ServiceAccount.secretLimit) secrets : supprimez-en un d’abord.")
        case .clientInvalid: .clientInvalid
        case .grantTypeUnsupported:
            Problem(.grantTypeUnsupported, "Seul client_credentials est accepté.").unstored
        case .scopeInvalid: Problem(.scopeInvalid, "Une portée demandée n’est pas celle de ce compte.").unstored
        case .tenantTaken: Problem(.tenantTaken, "Un établissement porte déjà cet identifiant.")
        case .tenantReserved:
            Problem(.tenantReserved, "Ce mot figure dans les adresses de la suite : choisissez un autre identifiant.")
        case .timeZoneUnknown:
            Problem(.timeZoneUnknown, "Indiquez un fuseau horaire IANA, par exemple Africa/Algiers.")
        case .databaseUnknown: Problem(.databaseUnknown, "Aucun serveur de données ne porte ce nom.")
        case .subscriberNameTaken: Problem(.subscriberNameTaken, "Un abonné de l’établissement porte déjà ce nom.")
        case .subscribersExhausted:
            Problem(.subscribersExhausted, "Un établissement a \(Subscriber.limit) abonnés au plus : retirez-en un.")
        case .tooManyReplays(let wait):
            Problem(.tooManyRequests, "Une relecture par minute au plus pour un abonné.", retryAfter: wait)
        case .brokerUnavailable:
            Problem(
                .unavailable, "La messagerie ne répond pas : renvoyez la même demande dans un instant.",
                retryAfter: .seconds(5))
        }
    }
}

extension Problem {
    /// 401 of the token endpoint.
    static var clientInvalid: Problem {
        Problem(.clientInvalid, "L’identifiant ou le secret ne convient pas.").unstored
    }

    /// The same problem, which no cache stores (RFC 6749 section 5.1).
    fileprivate var unstored: Problem { with("cache-control", "no-store") }
}

extension PasswordRules.Fault {
    fileprivate var advice: String {
        switch self {
        case .tooShort: "Le mot de passe doit compter au moins \(PasswordRules.length.lowerBound) caractères."
        case .tooLong: "Le mot de passe doit compter au plus \(PasswordRules.length.upperBound) caractères."
        case .containsEmail: "Le mot de passe ne doit pas contenir le nom de l’adresse électronique."
        case .common: "Ce mot de passe est trop courant : choisissez-en un que personne ne devinerait."
        }
    }
}
