/// What is wrong with keys in the configuration. Never contains any part of a key.
package enum KeyTextError: Error, Equatable {
    /// The entry at that position, counted from 1, is not `id:key` with an id of 1 to 32 lower-case letters, digits and
    /// hyphens.
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
            "Key number \(position) must be written as id:key, for example 2026a:… (lower-case letters, digits, hyphens)."
        case .malformedKey(let id):
            "Key '\(id)' must be 32 bytes in Base64; create one with: openssl rand -base64 32"
        case .duplicateID(let id): "The key id '\(id)' is used twice."
        }
    }
}
