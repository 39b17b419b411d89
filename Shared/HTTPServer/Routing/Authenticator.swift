package import Authentication
import EventLoop

/// Returns the caller that a bearer token identifies. Throws any error for a token that is not valid.
package typealias Authenticator = @EventLoop @Sendable (_ bearerToken: String) throws -> Principal
