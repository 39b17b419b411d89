import GuichetProtocol

/// What programs must know to get access tokens, and to verify them (RFC 8414).
struct ServerMetadata: Encodable, Sendable {
    /// The `iss` of every token.
    let issuer: String
    /// The address of the public keys.
    let keySetAddress: String
    /// Where service accounts get access tokens.
    let tokenAddress: String
    /// How they authenticate there.
    let authenticationMethods = ["client_secret_basic", "client_secret_post"]
    /// Every scope of service accounts.
    let scopes = Scope.allCases.map(\.rawValue)
    /// Empty: there is no authorization endpoint.
    let responseTypes: [String] = []
    /// The grants of OAuth 2.0 that are available.
    let grantTypes = ["client_credentials"]

    private enum CodingKeys: String, CodingKey {
        case issuer
        case keySetAddress = "jwks_uri"
        case tokenAddress = "token_endpoint"
        case authenticationMethods = "token_endpoint_auth_methods_supported"
        case scopes = "scopes_supported"
        case responseTypes = "response_types_supported"
        case grantTypes = "grant_types_supported"
    }
}
