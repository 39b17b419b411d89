package import Authentication
import EventLoop

/// Somebody whose token counts, and whose role a route does not let in.
package struct RefusedCaller: Sendable {
    /// Who it was.
    package let principal: Principal
    /// The method and the template of the route, never the path.
    package let route: String
    /// Where the request came from.
    package let clientAddress: String
}

/// Hears of each caller that is refused, within the trace of the request; the answer does not wait for it.
package typealias RefusalListener = @EventLoop @Sendable (RefusedCaller) -> Void
