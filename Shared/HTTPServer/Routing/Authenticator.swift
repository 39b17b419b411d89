package import Authentication
import EventLoop

/// Returns the caller that a bearer token identifies. Throws any error for a token that is not valid.
package typealias Authenticator = @EventLoop @Sendable (_ bearerToken: String) throws -> Principal

/// Returns whether the caller of a verified token still has the rights that the token states. Called before the handler
/// of each route that needs a token.
package typealias StandingCheck = @EventLoop @Sendable (Principal) async throws -> Bool
