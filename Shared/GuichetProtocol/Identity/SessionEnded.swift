/// A session was ended: by logout, because a refresh token was reused, or because the user was deactivated, erased or given
/// another role or password; one of a service account, because the account or the secret lost rights. Every service refuses
/// its access tokens. The aggregate is the session.
package struct SessionEnded: Event {
    package static let name = EventName("identity", "session", "ended", version: 1)

    /// The session, `sid` in its access tokens.
    package var session: SessionID
    /// The user who had logged in, or the service account.
    package var user: UserID

    package init(session: SessionID, user: UserID) { (self.session, self.user) = (session, user) }
}
