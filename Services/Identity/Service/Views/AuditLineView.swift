import GuichetProtocol
import Primitives

/// An access: who did what to which object, without personal data.
struct AuditLineView: Codable, Sendable {
    /// The id of the line; ids rise with time.
    let id: AuditLineID
    /// When it happened.
    let at: Instant
    /// The account that acted; absent if none was identified.
    let userID: UserID?
    /// The session that acted; absent if there was none.
    let sessionID: SessionID?
    /// What was done.
    let action: String
    /// The id of what it was done to; absent if there is nothing to name.
    let object: String?
    /// Whether it was granted or refused.
    let outcome: String
    /// The network of the client, shortened so that it does not identify a person.
    let network: String
    /// The distributed trace of the request; absent for operator commands.
    let traceID: String?
}

/// Marks ids of audit lines.
enum AuditLineKind {}
/// The id of an audit line; ids rise with time.
typealias AuditLineID = Identifier<AuditLineKind>
