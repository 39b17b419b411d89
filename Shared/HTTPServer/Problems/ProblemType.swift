/// The members of one kind of problem beside the standard ones.
package typealias ProblemMembers = Codable & Sendable

/// A kind of problem (RFC 9457): what clients decide by.
package struct ProblemType: Sendable {
    /// Lower-case words and hyphens; never changes once published.
    package let slug: String
    /// The status it is answered with.
    package let status: HTTPStatus
    /// A short French sentence, the same for every occurrence.
    package let title: String
    /// The type of its further members; nil if it has none.
    package let members: (any ProblemMembers.Type)?

    /// Services state theirs as static members of an extension. The doc comment says when it is answered: it is the text
    /// of the documentation.
    package init(
        _ slug: String, _ status: HTTPStatus, _ title: String, with members: (any ProblemMembers.Type)? = nil
    ) {
        self.slug = slug
        self.status = status
        self.title = title
        self.members = members
    }

    /// The `type` member.
    package var uri: String { "https://guichet.dev/problems/\(slug)" }
}

extension ProblemType: Hashable {
    package static func == (left: ProblemType, right: ProblemType) -> Bool { left.slug == right.slug }

    package func hash(into hasher: inout Hasher) { hasher.combine(slug) }
}

// What the gateway answers in place of a service that does not answer.
extension ProblemType {
    /// The gateway did not receive the request in full in time.
    package static let requestTimeout = ProblemType("request-timeout", 408, "Requête trop lente")
    /// The gateway received no valid answer from the service; whether the request had an effect is unknown.
    package static let badGateway = ProblemType("bad-gateway", 502, "Réponse invalide")
    /// The gateway received no answer from the service in time; whether the request had an effect is unknown.
    package static let gatewayTimeout = ProblemType("gateway-timeout", 504, "Réponse trop tardive")
}

// What the server itself answers.
extension ProblemType {
    /// The request is no HTTP, or none that the server reads.
    package static let malformedRequest = ProblemType("malformed-request", 400, "Requête HTTP incorrecte")
    /// A parameter of the query is missing, unknown or out of its bounds.
    package static let invalidQuery = ProblemType("invalid-query", 400, "Paramètres incorrects")
    /// The body is no JSON, or not the JSON that the route takes.
    package static let invalidBody = ProblemType("invalid-body", 400, "Contenu incorrect")
    /// The cursor of a page is none that this list gave.
    package static let invalidCursor = ProblemType("invalid-cursor", 400, "Curseur de page incorrect")
    /// The route requires an `Idempotency-Key`.
    package static let idempotencyKeyMissing = ProblemType(
        "idempotency-key-missing", 400, "Clé d’idempotence manquante")
    /// The `Idempotency-Key` is empty, too long, or not of visible ASCII characters only.
    package static let idempotencyKeyInvalid = ProblemType(
        "idempotency-key-invalid", 400, "Clé d’idempotence incorrecte")
    /// There is no token, or none that is valid now.
    package static let unauthenticated = ProblemType("unauthenticated", 401, "Authentification nécessaire")
    /// The token is valid, and its role may not do this.
    package static let forbidden = ProblemType("forbidden", 403, "Accès refusé")
    /// There is no such thing, or none in the tenant of the token.
    package static let notFound = ProblemType("not-found", 404, "Ressource introuvable")
    /// The path is there, and not for this method; `Allow` names the others.
    package static let methodNotAllowed = ProblemType("method-not-allowed", 405, "Méthode non permise")
    /// The first request with this key is not answered yet.
    package static let idempotencyKeyInUse = ProblemType(
        "idempotency-key-in-use", 409, "Requête identique en cours de traitement")
    /// `If-Match` names a version that is no longer the last.
    package static let preconditionFailed = ProblemType(
        "precondition-failed", 412, "La ressource a été modifiée entre-temps")
    /// The body is longer than the server takes.
    package static let contentTooLarge = ProblemType("content-too-large", 413, "Contenu trop volumineux")
    /// The body is of another media type than the route takes.
    package static let unsupportedMediaType = ProblemType(
        "unsupported-media-type", 415, "Type de contenu non accepté")
    /// The route speaks another protocol than HTTP; `Upgrade` names it.
    package static let upgradeRequired = ProblemType("upgrade-required", 426, "Connexion WebSocket attendue")
    /// The key came before, with another request.
    package static let idempotencyKeyReused = ProblemType(
        "idempotency-key-reused", 422, "Clé d’idempotence déjà employée pour une autre requête")
    /// The route changes a version, and the request does not say which.
    package static let preconditionRequired = ProblemType(
        "precondition-required", 428, "Version de la ressource exigée")
    /// A limit of rate is reached; `Retry-After` says for how long.
    package static let tooManyRequests = ProblemType("too-many-requests", 429, "Trop de requêtes")
    /// Head fields or path are longer than the server takes.
    package static let headTooLarge = ProblemType("head-too-large", 431, "En-tête trop volumineux")
    /// A fault of ours; the log knows more.
    package static let internalError = ProblemType("internal-error", 500, "Erreur interne")
    /// Something that the service needs is away; the same request may succeed later.
    package static let unavailable = ProblemType("unavailable", 503, "Service momentanément indisponible")
    /// The database did not answer the commit; whether there was an effect is unknown.
    package static let outcomeUnknown = ProblemType("outcome-unknown", 503, "Résultat de la demande inconnu")
    /// No answer came in time; whether there was an effect is unknown.
    package static let timeout = ProblemType("timeout", 503, "Délai de réponse dépassé")
}
