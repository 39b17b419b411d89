/// Why an asymmetric key was refused.
package enum KeyError: Error, Equatable {
    /// Not a key in PEM, or protected by a passphrase.
    case unreadable
    /// A key of another algorithm, curve or length than required.
    case wrongKind
    /// The coordinates are not a point of the curve.
    case notOnCurve
}

extension KeyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable: "The key must be in PEM, without a passphrase."
        case .wrongKind: "The key is of the wrong kind: it must be ECDSA P-256, or RSA of 2048 to 8192 bits."
        case .notOnCurve: "The coordinates of the key are not a point of the P-256 curve."
        }
    }
}
