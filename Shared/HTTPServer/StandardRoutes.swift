import EventLoop
package import Runtime

/// One thing that a service needs in order to serve, and whether it is there.
package struct ReadinessCheck: Codable, Sendable {
    /// What is needed: `database`, `broker`.
    package let name: String
    /// Whether it is there.
    package let isReady: Bool

    /// The finding of one check.
    package init(name: String, isReady: Bool) {
        self.name = name
        self.isReady = isReady
    }
}

/// The routes that every service has beside its own.
package enum StandardRoutes {
    /// `/healthz`, `/readyz`, `/metrics`, and `/openapi.json` for `routes`.
    ///
    /// `readiness` is asked by each `/readyz`; it must answer within a second or so, failures being answers too.
    /// `/healthz` says only that the loop turns: what is missing outside must not get the process killed.
    package static func routes(
        documenting routes: [Route], as information: OpenAPIDocument.Information, metrics: MetricsRegistry,
        readiness: @escaping @EventLoop @Sendable () async -> [ReadinessCheck]
    ) throws -> [Route] {
        let document = RawContent(try OpenAPIDocument(information, routes: routes).encoded())
        return [
            Route(.get, "/healthz", "Tells that the process runs.", access: .anyone) { (_, _: NoQuery, _: NoBody) in
                Reply(Health(status: "ok"))
            },
            Route(
                .get, "/readyz", "Tells whether the service can serve.", access: .anyone, problems: [.unavailable]
            ) { (_, _: NoQuery, _: NoBody) in
                let checks = await readiness()
                guard checks.allSatisfy(\.isReady) else {
                    throw Problem(
                        .unavailable, "Le service n’est pas prêt.", extensions: ["checks": checks],
                        retryAfter: .seconds(1))
                }
                return Reply(Readiness(status: "ready", checks: checks))
            },
            Route(
                .get, "/metrics", "Metrics for Prometheus.", access: .anyone,
                produces: "text/plain; version=0.0.4; charset=utf-8"
            ) { (_, _: NoQuery, _: NoBody) in Reply(RawContent(metrics.exposition())) },
            Route(
                .get, "/openapi.json", "The description of this API.", access: .anyone, produces: "application/json"
            ) { (_, _: NoQuery, _: NoBody) in Reply(document) },
        ]
    }
}

private struct Health: Codable, Sendable {
    let status: String
}

private struct Readiness: Codable, Sendable {
    let status: String
    let checks: [ReadinessCheck]
}
