package import Authentication
import EventLoop

/// A caller whose token is valid and whose role a route does not permit.
package struct RefusedCaller: Sendable {
    /// The caller.
    package let principal: Principal
    /// The method and the template of the route, never the path.
    package let route: String
    /// Where the request came from.
    package let clientAddress: ClientAddress
}

/// Called for each refused caller, within the trace of the request; the answer does not wait for it.
package typealias RefusalListener = @EventLoop @Sendable (RefusedCaller) -> Void
