/// What programs must know of the issuer of access tokens (RFC 8414).
struct ServerMetadata: Encodable, Sendable {
    /// The `iss` of every token.
    let issuer: String
    /// The address of the public keys.
    let keySetAddress: String
    /// Empty: there is no authorization endpoint.
    let responseTypes: [String] = []
    /// The grants of OAuth 2.0 that are available.
    let grantTypes: [String] = []

    private enum CodingKeys: String, CodingKey {
        case issuer
        case keySetAddress = "jwks_uri"
        case responseTypes = "response_types_supported"
        case grantTypes = "grant_types_supported"
    }
}
