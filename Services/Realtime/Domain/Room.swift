package import GuichetProtocol
package import Primitives

/// A line, among those of all tenants.
package struct LineKey: Hashable, Sendable {
    /// The tenant whose queue it is.
    package let tenant: TenantSlug
    /// The queue.
    package let queue: QueueID

    package init(_ queue: QueueID, of tenant: TenantSlug) { (self.tenant, self.queue) = (tenant, queue) }
}

/// What a client can listen to. It is sent nothing else.
package enum Room: Hashable, Sendable {
    /// What staff see of a line.
    case staff(LineKey)
    /// What a display shows of a line.
    case display(LineKey)
    /// What the patient of one ticket sees: the holder of the token with this digest.
    case patient(LineKey, holder: String)
    /// What concerns a whole clinic, such as its appointments.
    case clinic(TenantSlug)
    /// What concerns one user.
    case user(UserID, TenantSlug)

    /// The line that it shows; nil if it shows none.
    package var line: LineKey? {
        switch self {
        case .staff(let line), .display(let line), .patient(let line, _): line
        case .clinic, .user: nil
        }
    }

    /// The tenant whose it is.
    package var tenant: TenantSlug {
        switch self {
        case .staff(let line), .display(let line), .patient(let line, _): line.tenant
        case .clinic(let tenant), .user(_, let tenant): tenant
        }
    }
}
