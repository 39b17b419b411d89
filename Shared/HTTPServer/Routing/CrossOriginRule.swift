import EventLoop
package import Primitives

/// Whether pages of an origin may read what a caller of this tenant is answered; nil for a caller without a valid token.
package typealias OriginPolicy = @EventLoop @Sendable (_ origin: String, _ tenant: TenantSlug?) -> Bool

/// Says in answers which pages may read them, by the CORS protocol of the Fetch standard.
///
/// Any page may read what anyone may read. Everything else is for pages of origins that the caller's tenant permits.
/// `Access-Control-Allow-Credentials` is never sent: tokens come in a header, never in a cookie.
@EventLoop
struct CrossOriginRule: Sendable {
    /// How long a browser may remember the answer to a preflight, in seconds.
    private static let preflightLifetime = "600"
    /// The fields that clients set and browsers do not permit by themselves.
    private static let requestFields =
        "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, traceparent, X-Request-Id"
    /// The fields of answers that browsers would hide.
    private static let answerFields = "ETag, Location, Retry-After, X-Request-Id"

    let permits: OriginPolicy

    nonisolated init(_ permits: @escaping OriginPolicy) { self.permits = permits }

    /// The answer to `OPTIONS`. A preflight has no token, so an origin that any tenant permits is permitted; the request
    /// that follows is answered by the rule of its caller's tenant.
    func preflight(_ head: RequestHead, _ match: Router.Match) -> Answer {
        let answer = Answer(status: .noContent, headers: ["allow": match.allowed])
        guard let name = head.headers["access-control-request-method"], let origin = head.headers["origin"] else {
            return answer
        }
        let method = HTTPMethod(rawValue: name).map { $0 == .head ? .get : $0 }
        var preflight = answer
        preflight.headers.add("vary", "Origin, Access-Control-Request-Method")
        guard let route = method.flatMap({ match.routes[$0] }), let permitted = reader(of: route, origin, nil) else {
            return preflight
        }
        preflight.headers.add("access-control-allow-origin", permitted)
        preflight.headers.add("access-control-allow-methods", name)
        preflight.headers.add("access-control-allow-headers", Self.requestFields)
        preflight.headers.add("access-control-max-age", Self.preflightLifetime)
        return preflight
    }

    /// The answer with the pages that may read it.
    ///
    /// - Parameters:
    ///   - route: nil for a refusal before a route was found, which holds nothing that is not public.
    ///   - tenant: of the caller; nil without a valid token.
    func shared(_ answer: Answer, of route: Route?, to head: RequestHead, of tenant: TenantSlug?) -> Answer {
        guard answer.upgrade == nil else { return answer }
        let origin = head.headers["origin"]
        var shared = answer
        if route?.isForAnyPage == false, origin != nil { shared.headers.add("vary", "Origin") }
        guard let permitted = reader(of: route, origin, tenant) else { return shared }
        shared.headers.add("access-control-allow-origin", permitted)
        shared.headers.add("access-control-expose-headers", Self.answerFields)
        return shared
    }

    /// The value of `Access-Control-Allow-Origin`; nil for none.
    private func reader(of route: Route?, _ origin: String?, _ tenant: TenantSlug?) -> String? {
        if route?.isForAnyPage ?? true { return "*" }
        guard let origin, route?.isForOperators == false, permits(origin, tenant) else { return nil }
        return origin
    }
}

extension Route {
    /// True if anyone may read it through the gateway. Logins need no token either, but are for permitted origins alone:
    /// else any page could try passwords with the addresses of its visitors.
    fileprivate var isForAnyPage: Bool { access == .anyone && (method == .get || foreign != nil) && !isForOperators }
}
