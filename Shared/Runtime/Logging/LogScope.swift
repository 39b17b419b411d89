package import FoundationEssentials
package import Primitives

/// The tenant and user of the running task, written in each of its log lines. Ids only: names, telephone numbers and
/// tokens never go into a log.
package struct LogScope: Sendable {
    /// The scope of the running task; empty outside of a request or message.
    @TaskLocal package static var current = LogScope()

    /// The tenant whose data is used.
    package var tenant: TenantSlug?

    /// The id of the user who made the request.
    package var user: UUID?

    /// A scope of what is known so far.
    package init(tenant: TenantSlug? = nil, user: UUID? = nil) { (self.tenant, self.user) = (tenant, user) }
}
