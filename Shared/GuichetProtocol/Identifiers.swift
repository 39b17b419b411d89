package import Primitives

/// Marks ids of people and machines that log in.
package enum UserKind {}
/// Names a user.
package typealias UserID = Identifier<UserKind>

/// Marks ids of tenants; on the wire and in schema names a tenant goes by its slug.
package enum TenantKind {}
/// Names a tenant.
package typealias TenantID = Identifier<TenantKind>

/// Marks ids of sessions: one login, through all its refreshed tokens, until logout.
package enum SessionKind {}
/// Names a session.
package typealias SessionID = Identifier<SessionKind>

/// Marks ids of access tokens.
package enum AccessTokenKind {}
/// Names one access token (`jti`).
package typealias AccessTokenID = Identifier<AccessTokenKind>

/// Marks ids of events.
package enum EventKind {}
/// Names an event; deliveries of one event repeat it.
package typealias EventID = Identifier<EventKind>
