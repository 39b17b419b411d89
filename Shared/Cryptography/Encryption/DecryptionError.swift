/// Why a ciphertext was not decrypted.
package enum DecryptionError: Error, Equatable {
    /// No ciphertext of this module: wrong version byte, or cut short.
    case malformed
    /// Encrypted under a key that the ring does not hold.
    case unknownKey(id: String)
    /// Altered, or made for another field: the cipher cannot tell the two apart.
    case notAuthentic
}
