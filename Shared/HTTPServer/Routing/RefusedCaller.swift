package import Authentication
import EventLoop

/// A caller whose token is genuine and who is refused.
package struct RefusedCaller: Sendable {
    /// Why a caller is refused.
    package enum Reason: Sendable {
        /// The route does not permit their role.
        case role
        /// Their session has ended, or the rights that the token states are not theirs any more.
        case sessionEnded
    }

    /// The caller.
    package let principal: Principal
    /// Why.
    package let reason: Reason
    /// The method and the template of the route, never the path.
    package let route: String
    /// Where the request came from.
    package let clientAddress: ClientAddress
}

/// Called for each refused caller, within the trace of the request; the answer does not wait for it.
package typealias RefusalListener = @EventLoop @Sendable (RefusedCaller) -> Void
