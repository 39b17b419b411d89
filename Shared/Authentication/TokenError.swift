/// Why a token was refused. For logs and metrics: the client only learns that its token is invalid.
package enum TokenError: Error, Hashable, CaseIterable {
    /// Not a token of the suite: its size, encoding, type or algorithm is wrong, or a claim is missing or meaningless.
    case malformed
    /// Signed with an unknown or withdrawn key.
    case unknownKey
    /// Not signed by the key that it names.
    case badSignature
    /// Expired.
    case expired
    /// Not valid yet.
    case notYetValid
    /// Its session has ended: by logout, because a refresh token was reused, or because the user was changed.
    case sessionEnded
    /// Issued by another issuer.
    case wrongIssuer
    /// Intended for other services.
    case wrongAudience
}
