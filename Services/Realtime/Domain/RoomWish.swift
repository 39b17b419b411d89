package import GuichetProtocol
package import Primitives

/// A room as a client names it.
package enum RoomWish: Hashable, Sendable {
    /// `clinic:<id of a queue>`.
    case staff(QueueID)
    /// `clinic:<name of the tenant>`.
    case clinic(TenantSlug)
    /// `display:<id of a queue>`, and the token of the display; nil for a client with an access token.
    case display(QueueID, token: String?)
    /// `patient:<token>`.
    case patient(token: String)
    /// `user:<id>`.
    case user(UserID)

    /// The longest name.
    package static let longest = 200

    /// Returns nil if the text names no room.
    package init?(_ name: String) {
        guard name.utf8.count <= Self.longest, let colon = name.firstIndex(of: ":") else { return nil }
        let id = String(name[name.index(after: colon)...])
        switch name[..<colon] {
        case "clinic": self.init(clinic: id)
        case "display":
            guard let queue = QueueID(id) else { return nil }
            self = .display(queue, token: nil)
        case "patient": self = .patient(token: id)
        case "user":
            guard let user = UserID(id) else { return nil }
            self = .user(user)
        default: return nil
        }
    }

    /// The same room, opened by the token of a display.
    package func presenting(displayToken token: String?) -> RoomWish {
        if case .display(let queue, _) = self { .display(queue, token: token) } else { self }
    }

    /// The room of staff: of a queue, or of the whole tenant.
    package init?(clinic id: String) {
        if let queue = QueueID(id) {
            self = .staff(queue)
        } else if let tenant = TenantSlug(id) {
            self = .clinic(tenant)
        } else {
            return nil
        }
    }
}
