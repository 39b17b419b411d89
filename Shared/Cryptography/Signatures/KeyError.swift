/// Why an asymmetric key was refused.
package enum KeyError: Error, Equatable {
    /// Not a key in PEM, or one that a passphrase protects.
    case unreadable
    /// A key, but of another algorithm, curve or length than asked for.
    case wrongKind
    /// The coordinates are no point of the curve.
    case notOnCurve
}

extension KeyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable: "La clé doit être au format PEM, sans mot de passe."
        case .wrongKind: "La clé n’est pas du type attendu (ECDSA P-256, ou RSA de 2048 à 8192 bits)."
        case .notOnCurve: "Les coordonnées de la clé ne sont pas un point de la courbe P-256."
        }
    }
}
