/// Why a token was refused. For logs and metrics: the client learns only that its token does not count.
package enum TokenError: Error, Hashable, CaseIterable {
    /// Not a token of ours: its size, its encoding, its type, its algorithm, or a claim that is missing or senseless.
    case malformed
    /// Signed with a key that is not, or no longer, known.
    case unknownKey
    /// Not signed by the key it names.
    case badSignature
    /// Over.
    case expired
    /// To be used later only.
    case notYetValid
    /// From another issuer.
    case wrongIssuer
    /// For other services.
    case wrongAudience
}
