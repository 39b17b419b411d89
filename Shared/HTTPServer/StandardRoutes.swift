package import EventLoop
package import Runtime

/// The routes that operators and their tools use on every service.
@EventLoop
package enum StandardRoutes {
    /// `/healthz`, `/readyz`, `/metrics`, and `/openapi.json`, which describes `routes`.
    ///
    /// `/healthz` proves only that the event loop runs: a missing dependency must not get the process killed.
    package static func routes(
        documenting routes: [Route], as information: OpenAPIDocument.Information, metrics: MetricsRegistry,
        readiness: Readiness
    ) throws -> [Route] {
        let document = RawContent(try OpenAPIDocument(information, routes: routes).encoded())
        return [
            Route(.get, "/healthz", "Answers as long as the process is alive.", access: .anyone) {
                (_, _: NoQuery, _: NoBody) in Reply(Health(status: "ok"))
            }.forOperators(),
            Route(.get, "/readyz", "Answers whether the process should get requests.", access: .anyone) {
                (_, _: NoQuery, _: NoBody) in
                let obstacles = readiness.obstacles
                guard obstacles.isEmpty else {
                    throw Problem(
                        .unavailable, "Le service n’est pas prêt.", extensions: ["obstacles": obstacles],
                        retryAfter: .seconds(1))
                }
                return Reply(Health(status: "ready"))
            }.forOperators(),
            Route(
                .get, "/metrics", "Measurements in Prometheus' text format.", access: .anyone,
                produces: "text/plain; version=0.0.4; charset=utf-8"
            ) { (_, _: NoQuery, _: NoBody) in Reply(RawContent(metrics.exposition())) }.forOperators(),
            Route(
                .get, "/openapi.json", "The description of this API.", access: .anyone, produces: "application/json"
            ) { (_, _: NoQuery, _: NoBody) in Reply(document) },
        ]
    }

    private struct Health: Codable, Sendable {
        let status: String
    }
}
