package import FoundationEssentials
package import Primitives

/// For whom the running task works; written in each of its log lines. Ids only: a name, a phone or a token never
/// comes into a log.
package struct LogScope: Sendable {
    /// The scope of the running task; empty outside of any request or message.
    @TaskLocal package static var current = LogScope()

    /// The tenant whose data is touched.
    package var tenant: TenantSlug?

    /// The id of the user who asked.
    package var user: UUID?

    /// A scope of what is known so far.
    package init(tenant: TenantSlug? = nil, user: UUID? = nil) { (self.tenant, self.user) = (tenant, user) }
}
