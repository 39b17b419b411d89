/// A request's head is malformed or too large; the connection cannot go on.
struct HeadRefused: Error {
    enum Reason: String {
        case layout = "caractère interdit ou fin de ligne incorrecte dans l’en-tête"
        case target = "caractère interdit dans l’adresse"
        case fieldName = "nom de champ d’en-tête incorrect"
        case fieldValue = "caractère de contrôle dans un champ d’en-tête"
        case host = "le champ Host manque ou est répété"
        case length = "Content-Length répété ou incorrect"
        case lengthAndEncoding = "Content-Length et Transfer-Encoding à la fois"
        case encoding = "Transfer-Encoding autre que chunked"
        case size = "en-tête trop grand ou trop de champs"
    }

    let reason: Reason
    init(_ reason: Reason) { self.reason = reason }
}
