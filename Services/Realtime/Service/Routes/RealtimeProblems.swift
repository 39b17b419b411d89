import HTTPServer

extension Problem {
    /// The answer to a refusal over HTTP.
    init(_ refusal: Refusal) {
        let (type, pause): (ProblemType, Duration?) =
            switch refusal {
            case .unauthenticated, .expired: (.unauthenticated, nil)
            case .forbidden: (.forbidden, nil)
            case .notFound: (.notFound, nil)
            case .busy: (.unavailable, .seconds(1))
            case .limit: (.tooManyRequests, .seconds(5))
            case .malformed: (.invalidQuery, nil)
            }
        self.init(type, refusal.message, retryAfter: pause)
    }
}

extension RefusalView {
    /// The same refusal where there is no HTTP status: in a message or an event.
    init(_ refusal: Refusal) { self.init(code: refusal.rawValue, message: refusal.message) }
}
