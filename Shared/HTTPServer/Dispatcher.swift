import Authentication
import EventLoop
import GuichetProtocol
import JSONCoding
import Primitives
import Runtime

/// Routes a request: path and method, token and role, then the body, then the handler. A client that is refused at one
/// step learns nothing of the next.
@EventLoop
final class Dispatcher {
    enum Admission {
        case admitted(AdmittedRequest)
        /// Answered without a handler, usually with a refusal.
        case settled(Answer)
    }

    /// True once the server accepts no new work: answers then close their connections.
    var isDraining = false

    private let router: Router
    private let authenticate: Authenticator
    private let hasStanding: StandingCheck
    private let problem: ProblemMapper
    private let refused: RefusalListener
    private let requestLog: RequestLog
    private let cursors: CursorCodec?
    private let fingerprint: RequestFingerprint
    private let clock: @Sendable () -> Instant
    private var gatewayClock = GatewayClock()
    private let origins: CrossOriginRule
    private let gateway: GatewaySecret?

    init(
        routes: [Route], authenticate: @escaping Authenticator, hasStanding: @escaping StandingCheck,
        problem: @escaping ProblemMapper, refused: @escaping RefusalListener, requestLog: RequestLog,
        cursors: CursorCodec?, fingerprint: @escaping RequestFingerprint, origins: CrossOriginRule,
        gateway: GatewaySecret?, clock: @escaping @Sendable () -> Instant
    ) {
        router = Router(routes)
        self.authenticate = authenticate
        self.hasStanding = hasStanding
        self.problem = problem
        self.refused = refused
        self.requestLog = requestLog
        self.cursors = cursors
        self.fingerprint = fingerprint
        self.clock = clock
        self.origins = origins
        self.gateway = gateway
    }

    /// Decides what can be decided from the head alone.
    func admit(_ head: RequestHead) -> Admission {
        let start = ContinuousClock.now
        let deadline =
            clock() - gatewayClock.age(head.headers["x-request-start"], at: start) + RequestDeadline.allowance
        let trace = head.headers["traceparent"].flatMap(TraceContext.init(traceparent:))?.child() ?? .new()
        var entry = RequestLog.Entry(method: head.method, start: start, trace: trace)
        var found: Route?
        do throws(Problem) {
            guard let target = RequestTarget(head.target) else {
                throw Problem(.malformedRequest, "L’adresse de la requête est incorrecte.")
            }
            guard let match = router.match(target.segments) else { throw .notFound }
            if head.method == .options {
                return settle(origins.preflight(head, match), entry)
            }
            if let route = match.foreignRoute(for: head.method) {
                (entry.route, found) = (route.template.description, route)
                try checkBody(of: route, head)
                return .admitted(
                    AdmittedRequest(
                        route: route, head: head, method: head.method ?? .get, idempotencyKey: nil, start: start,
                        deadline: deadline, call: call(of: route, head, target, trace)))
            }
            guard let method = head.method == .head ? .get : head.method, let route = match.routes[method] else {
                throw Problem(.methodNotAllowed, "Méthodes permises ici : \(match.allowed).")
                    .with("allow", match.allowed)
            }
            entry.route = route.template.description
            found = route
            let principal = try caller(of: route, head, trace)
            entry.principal = principal
            try checkRole(of: principal, for: route, head, trace)
            let arguments = try arguments(of: route, match)
            let key = try idempotencyKey(of: route, head)
            try checkBody(of: route, head)
            return .admitted(
                AdmittedRequest(
                    route: route, head: head, method: method, idempotencyKey: key, start: start, deadline: deadline,
                    call: call(of: route, head, target, trace, by: principal, arguments)))
        } catch {
            let answer = Answer(error, as: found?.problemForm ?? router.problemForm(near: head.target))
            return settle(
                origins.shared(answer.uncached(on: found), of: found, to: head, of: entry.principal?.tenant), entry)
        }
    }

    /// Runs the handler.
    ///
    /// - Parameter hasLeft: whether the client has closed its connection.
    func answer(
        _ request: AdmittedRequest, body: [UInt8], hasLeft: @escaping @EventLoop @Sendable () -> Bool
    ) async -> Answer {
        var call = request.call
        call.body = body
        call.idempotency = request.idempotencyKey.map { key in
            IdempotentRequest(key: key, method: request.method, target: request.head.target, body: body) { digest in
                fingerprint(digest, request.call.principal?.tenant)
            }
        }
        let scope = LogScope(tenant: call.principal?.tenant, user: call.principal?.userID.uuid)
        let deadline = RequestDeadline(request.deadline, hasLeft: hasLeft)
        return await TraceContext.$current.withValue(call.trace) {
            await LogScope.$current.withValue(scope) {
                var answer = await RequestDeadline.$current.withValue(deadline) {
                    await result(of: request.route, call)
                }
                answer.headers.add("x-request-id", call.requestID)
                answer = await answer.coded(for: request).conditional(on: request).compressed()
                answer = shared(answer, to: request)
                requestLog.record(answer, RequestLog.Entry(request))
                return answer
            }
        }
    }

    private func result(of route: Route, _ call: Call) async -> Answer {
        do {
            if let principal = call.principal { try await requireStanding(of: principal, call) }
            return try await route.serve(call)
        } catch let known as Problem {
            return Answer(known, as: route.problemForm)
        } catch {
            if let known = problem(error) { return Answer(known.after(route.method), as: route.problemForm) }
            requestLog.unexpected(error)
            let unknown = Problem(.internalError, "Une erreur imprévue s’est produite ; elle a été enregistrée.")
            return Answer(unknown, as: route.problemForm)
        }
    }

    private func requireStanding(of principal: Principal, _ call: Call) async throws {
        guard try await !hasStanding(principal) else { return }
        requestLog.refusedToken(TokenError.sessionEnded(principal))
        refused(
            RefusedCaller(
                principal: principal, reason: .sessionEnded, route: call.operation, clientAddress: call.clientAddress))
        throw Problem.invalidToken
    }

    private func shared(_ answer: Answer, to request: AdmittedRequest) -> Answer {
        origins.shared(
            answer.uncached(on: request.route), of: request.route, to: request.head,
            of: request.call.principal?.tenant)
    }

    private func settle(_ answer: Answer, _ entry: RequestLog.Entry) -> Admission {
        requestLog.record(answer, entry)
        return .settled(answer)
    }
}

// Refusals that are detected at the connection.
extension Dispatcher {
    /// The head could not be parsed. Where the request ends is uncertain, so the connection is closed.
    func malformed(_ refusal: HeadRefused, target: String) -> Answer {
        let type = refusal.reason == .size ? ProblemType.headTooLarge : .malformedRequest
        let problem = Problem(type, "Requête refusée : \(refusal.reason.rawValue).")
        let answer = Answer(problem, as: router.problemForm(near: target), closes: true)
        requestLog.record(answer, RequestLog.Entry(method: nil, start: .now, trace: .new()))
        return answer
    }

    /// The body exceeded its limit while it was received.
    func tooLarge(_ request: AdmittedRequest) -> Answer {
        let refusal = Answer(Self.contentTooLarge(request.route), as: request.route.problemForm, closes: true)
        let answer = shared(refusal, to: request)
        requestLog.record(answer, RequestLog.Entry(request))
        return answer
    }

    /// The client has left before the handler was run.
    func abandoned(_ request: AdmittedRequest) -> Answer {
        let problem = Problem(.unavailable, "Le client n’attend plus la réponse.")
        let answer = Answer(problem, as: request.route.problemForm, closes: true)
        requestLog.record(answer, RequestLog.Entry(request))
        return answer
    }

    /// The server has all the streams and sockets of other protocols that it may have, or drains.
    func crowded(_ request: AdmittedRequest) -> Answer {
        let answer = shared(Answer(.crowded, as: request.route.problemForm), to: request)
        requestLog.record(answer, RequestLog.Entry(request))
        return answer
    }

    /// The handler did not answer in time.
    func timedOut(_ request: AdmittedRequest) -> Answer {
        let problem = Problem(
            isDraining ? .unavailable : .timeout, "Le service n’a pas pu répondre à temps : réessayez.",
            retryAfter: .seconds(1))
        let answer = shared(Answer(problem, as: request.route.problemForm), to: request)
        requestLog.record(answer, RequestLog.Entry(request))
        return answer
    }

    private static func contentTooLarge(_ route: Route) -> Problem {
        Problem(.contentTooLarge, "Le contenu dépasse \(route.bodyLimit) octets.")
    }
}

// The steps of admission.
extension Dispatcher {
    private func caller(of route: Route, _ head: RequestHead, _ trace: TraceContext) throws(Problem) -> Principal? {
        guard route.access != .anyone else { return nil }
        guard let token = head.bearerToken else { throw .unauthenticated }
        do {
            return try authenticate(token)
        } catch {
            requestLog.refusedToken(error)
            if case TokenError.sessionEnded(let principal) = error {
                report(principal, .sessionEnded, route, head, trace)
            }
            throw .invalidToken
        }
    }

    private func checkRole(
        of principal: Principal?, for route: Route, _ head: RequestHead, _ trace: TraceContext
    ) throws(Problem) {
        guard route.access != .anyone else { return }
        guard let principal else { throw .unauthenticated }
        guard !route.access.permits(principal.rights) else { return }
        report(principal, .role, route, head, trace)
        throw Problem.insufficientRights(principal.rights, on: route.access)
    }

    private func report(
        _ principal: Principal, _ reason: RefusedCaller.Reason, _ route: Route, _ head: RequestHead,
        _ trace: TraceContext
    ) {
        let caller = RefusedCaller(
            principal: principal, reason: reason, route: route.operation,
            clientAddress: head.clientAddress(behind: gateway))
        TraceContext.$current.withValue(trace) { refused(caller) }
    }

    private func call(
        of route: Route, _ head: RequestHead, _ target: RequestTarget, _ trace: TraceContext,
        by principal: Principal? = nil, _ arguments: [String: String] = [:]
    ) -> Call {
        Call(
            principal: principal, idempotency: nil, trace: trace, clientAddress: head.clientAddress(behind: gateway),
            requestID: head.requestID ?? trace.traceID, method: head.method, target: head.target,
            operation: route.operation, cursors: cursors, headers: head.headers, query: target.query,
            arguments: arguments)
    }

    private func arguments(of route: Route, _ match: Router.Match) throws(Problem) -> [String: String] {
        var arguments: [String: String] = [:]
        for (parameter, text) in zip(route.template.parameters, match.arguments) {
            guard parameter.type.init(pathText: text) != nil else { throw .notFound }
            arguments[parameter.name] = text
        }
        return arguments
    }

    private func idempotencyKey(of route: Route, _ head: RequestHead) throws(Problem) -> String? {
        guard route.idempotency != .none else { return nil }
        guard let text = head.headers["idempotency-key"] else {
            guard route.idempotency == .required else { return nil }
            throw Problem(.idempotencyKeyMissing, "Envoyez un champ Idempotency-Key, différent pour chaque opération.")
        }
        guard let key = IdempotentRequest.key(text) else {
            throw Problem(
                .idempotencyKeyInvalid,
                "Idempotency-Key : 1 à \(IdempotentRequest.maximumLength) caractères ASCII visibles.")
        }
        return key
    }

    private func checkBody(of route: Route, _ head: RequestHead) throws(Problem) {
        guard head.hasBody else { return }
        if route.content.body != nil, !head.has(route.content.bodyMediaType) {
            throw Problem(
                .unsupportedMediaType, "Envoyez le contenu avec Content-Type: \(route.content.bodyMediaType), en UTF-8."
            )
        }
        if let length = head.contentLength, length > route.bodyLimit { throw Self.contentTooLarge(route) }
    }
}

extension Problem {
    /// The problem as it is answered to a request of this method: what only reads has no outcome that could be unknown.
    fileprivate func after(_ method: HTTPMethod) -> Problem {
        guard method == .get, type == .outcomeUnknown else { return self }
        return Problem(
            .unavailable, "Le service est momentanément indisponible : réessayez dans un instant.",
            retryAfter: retryAfter)
    }
}

extension Answer {
    /// The answer of a route that asks for a token is kept by no cache, unless the route says otherwise.
    fileprivate func uncached(on route: Route?) -> Answer {
        guard let route, route.access != .anyone, headers["cache-control"] == nil else { return self }
        var answer = self
        answer.headers.add("cache-control", "no-store")
        return answer
    }

    /// 304 in place of content that the client has already (RFC 9110 section 13.1.2).
    fileprivate func conditional(on request: AdmittedRequest) -> Answer {
        guard request.method == .get, status == .ok, let tag = headers["etag"],
            let condition = request.head.headers["if-none-match"],
            condition == "*"
                || condition.split(separator: ",").contains(where: { item in
                    Self.opaquePart(of: item.trimmingSpaces()) == Self.opaquePart(of: tag[...])
                })
        else { return self }
        var answer = Answer(status: .notModified, headers: headers)
        answer.headers.remove("content-encoding")
        return answer
    }

    /// The tag without its mark of weakness: `If-None-Match` compares weakly.
    private static func opaquePart(of tag: Substring) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag }
}
