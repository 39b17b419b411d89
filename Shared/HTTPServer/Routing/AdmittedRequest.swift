import Primitives

/// A request that passed every check that needs no body.
struct AdmittedRequest {
    let route: Route
    let head: RequestHead
    let method: HTTPMethod
    let idempotencyKey: String?
    let start: ContinuousClock.Instant
    /// Until when it may have an effect.
    let deadline: Instant
    var call: Call
}
