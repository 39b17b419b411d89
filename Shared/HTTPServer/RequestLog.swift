import Authentication
import EventLoop
import Primitives
import Runtime

extension LogField {
    static let method = LogField("http_method")
    /// The template, never the path: paths hold ids, and clients choose them.
    static let route = LogField("http_route")
    static let status = LogField("http_status")
}

/// One log line and one measurement for each request.
@EventLoop
final class RequestLog {
    struct Entry {
        let method: HTTPMethod?
        var route = ""
        let start: ContinuousClock.Instant
        let trace: TraceContext
        var principal: Principal?
    }

    private struct Measured: Hashable {
        let method: HTTPMethod?
        let route: String
        let status: HTTPStatus
    }

    private let logger: Logger
    private let durations: MetricFamily<Histogram>
    private let refusedTokens: Counter
    private var members: [Measured: Histogram] = [:]

    init(logger: Logger, metrics: MetricsRegistry) {
        self.logger = logger
        durations = metrics.histogram(
            "http.server.request.duration",
            by: ["http.request.method", "http.route", "http.response.status_code"],
            "From the end of a request's head to its answer.")
        refusedTokens = metrics.counter("http.server.refused_tokens", "Bearer tokens that were not valid.")
    }

    func record(_ answer: Answer, _ entry: Entry) {
        let duration = ContinuousClock.now - entry.start
        histogram(Measured(method: entry.method, route: entry.route, status: answer.status)).record(duration)
        if TraceContext.current != nil { return log(answer, entry, duration) }
        let scope = LogScope(tenant: entry.principal?.tenant, user: entry.principal?.userID.uuid)
        TraceContext.$current.withValue(entry.trace) {
            LogScope.$current.withValue(scope) { log(answer, entry, duration) }
        }
    }

    /// A handler threw an error that the service does not map to a problem.
    func unexpected(_ error: any Error) { logger.error("a handler failed", [.error: String(reflecting: error)]) }

    func refusedToken(_ error: any Error) {
        refusedTokens.increment()
        logger.debug("a token was refused", [.error: String(describing: error)])
    }

    private func log(_ answer: Answer, _ entry: Entry, _ duration: Duration) {
        logger.info(
            "request",
            [
                .method: entry.method?.rawValue ?? "", .route: entry.route, .status: answer.status.code,
                .duration: duration,
            ])
    }

    private func histogram(_ measured: Measured) -> Histogram {
        if let known = members[measured] { return known }
        let method = measured.method?.rawValue ?? "_OTHER"
        let histogram = durations[method, measured.route, String(measured.status.code)]
        members[measured] = histogram
        return histogram
    }
}

extension RequestLog.Entry {
    init(_ request: AdmittedRequest) {
        self.init(
            method: request.head.method, route: request.route.template.description, start: request.start,
            trace: request.call.trace, principal: request.call.principal)
    }
}
