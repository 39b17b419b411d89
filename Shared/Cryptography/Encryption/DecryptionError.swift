/// Why a ciphertext was not decrypted.
package enum DecryptionError: Error, Equatable {
    /// Not a ciphertext of this module: wrong version byte, or truncated.
    case malformed
    /// Encrypted under a key that the ring does not contain.
    case unknownKey(id: String)
    /// Modified, or made for another field: the cipher cannot distinguish the two.
    case notAuthentic
}
