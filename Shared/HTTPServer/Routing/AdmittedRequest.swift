/// A request that passed every check that needs no body.
struct AdmittedRequest {
    let route: Route
    let head: RequestHead
    let method: HTTPMethod
    let idempotencyKey: String?
    let start: ContinuousClock.Instant
    var call: Call
}
