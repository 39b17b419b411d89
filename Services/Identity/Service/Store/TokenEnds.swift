import GuichetProtocol
import Postgres
import Primitives

/// The end of tokens of service accounts.
enum TokenEnds {
    /// The statements that announce the end of these sessions to every service. There are none yet: no event says that a
    /// session has ended, so the tokens stay valid until they expire.
    static func announce(
        _ sessions: [SessionID], of account: UserID, _ tenant: TenantSlug, at now: Instant
    ) throws -> [SQL] {
        []
    }
}
