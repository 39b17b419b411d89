import GuichetProtocol
import Primitives

/// One access: who did what to which object, without personal data.
struct AuditLineView: Codable, Sendable {
    let id: AuditLineID
    let at: Instant
    let userID: UserID?
    let sessionID: SessionID?
    let action: String
    let object: String?
    let outcome: String
    let network: String
    let traceID: String?
}

/// Marks ids of audit lines.
enum AuditLineKind {}
/// The id of an audit line; ids rise with time.
typealias AuditLineID = Identifier<AuditLineKind>
