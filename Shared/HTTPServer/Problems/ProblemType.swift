/// A kind of problem (RFC 9457): what clients decide by.
package struct ProblemType: Hashable, Sendable {
    /// Lower-case words and hyphens; never changes once published.
    package let slug: String
    /// The status it is answered with.
    package let status: HTTPStatus
    /// A short French sentence, the same for every occurrence.
    package let title: String

    /// Services state theirs as static members of an extension.
    package init(_ slug: String, _ status: HTTPStatus, _ title: String) {
        self.slug = slug
        self.status = status
        self.title = title
    }

    /// The `type` member.
    package var uri: String { "https://guichet.dev/problems/\(slug)" }
}

// What the server itself answers.
extension ProblemType {
    /// Problems of the request itself, whatever the route.
    package static let malformedRequest = ProblemType("malformed-request", 400, "Requête HTTP incorrecte")
    package static let invalidQuery = ProblemType("invalid-query", 400, "Paramètres incorrects")
    package static let invalidBody = ProblemType("invalid-body", 400, "Contenu incorrect")
    package static let invalidCursor = ProblemType("invalid-cursor", 400, "Curseur de page incorrect")
    package static let idempotencyKeyMissing = ProblemType(
        "idempotency-key-missing", 400, "Clé d’idempotence manquante")
    package static let idempotencyKeyInvalid = ProblemType(
        "idempotency-key-invalid", 400, "Clé d’idempotence incorrecte")
    package static let unauthenticated = ProblemType("unauthenticated", 401, "Authentification nécessaire")
    package static let forbidden = ProblemType("forbidden", 403, "Accès refusé")
    package static let notFound = ProblemType("not-found", 404, "Ressource introuvable")
    package static let methodNotAllowed = ProblemType("method-not-allowed", 405, "Méthode non permise")
    package static let idempotencyKeyInUse = ProblemType(
        "idempotency-key-in-use", 409, "Requête identique en cours de traitement")
    package static let preconditionFailed = ProblemType(
        "precondition-failed", 412, "La ressource a été modifiée entre-temps")
    package static let contentTooLarge = ProblemType("content-too-large", 413, "Contenu trop volumineux")
    package static let unsupportedMediaType = ProblemType(
        "unsupported-media-type", 415, "Type de contenu non accepté")
    package static let idempotencyKeyReused = ProblemType(
        "idempotency-key-reused", 422, "Clé d’idempotence déjà employée pour une autre requête")
    package static let preconditionRequired = ProblemType(
        "precondition-required", 428, "Version de la ressource exigée")
    package static let tooManyRequests = ProblemType("too-many-requests", 429, "Trop de requêtes")
    package static let headTooLarge = ProblemType("head-too-large", 431, "En-tête trop volumineux")
    package static let internalError = ProblemType("internal-error", 500, "Erreur interne")
    package static let unavailable = ProblemType("unavailable", 503, "Service momentanément indisponible")
    package static let timeout = ProblemType("timeout", 503, "Délai de réponse dépassé")
}
