/// What is wrong with keys in the configuration. Never holds any part of a key.
package enum KeyTextError: Error, Equatable {
    /// The entry at that place, counted from 1, is not `id:key` with an id of 1 to 32 lower-case letters, digits and hyphens.
    case malformedEntry(position: Int)
    /// The key of that id is not 32 bytes in Base64.
    case malformedKey(id: String)
    /// Two keys have that id.
    case duplicateID(String)
}

extension KeyTextError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformedEntry(let position):
            "La clé n° \(position) doit s’écrire « identifiant:clé », par exemple 2026a:… (lettres minuscules, chiffres, tirets)."
        case .malformedKey(let id):
            "La clé « \(id) » doit être 32 octets en Base64 ; « openssl rand -base64 32 » en crée une."
        case .duplicateID(let id): "L’identifiant de clé « \(id) » est donné deux fois."
        }
    }
}
