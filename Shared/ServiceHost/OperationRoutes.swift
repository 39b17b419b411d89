import EventLoop
import HTTPServer
import Primitives
import Runtime

/// What operators and their tools ask of every service.
@EventLoop
enum OperationRoutes {
    static func routes(of service: TenantSlug, _ platform: Platform, documenting routes: [Route]) -> [Route] {
        [
            Route(.get, "/healthz", "Tells that the process is alive.", access: .anyone) {
                (_: Call, _: NoQuery, _: NoBody) in Reply(Health(status: "ok"))
            },
            Route(
                .get, "/readyz", "Tells whether the process should get work.", access: .anyone, problems: [.unavailable]
            ) {
                (_: Call, _: NoQuery, _: NoBody) in
                let obstacles = platform.readiness.obstacles
                guard obstacles.isEmpty else {
                    throw Problem(.unavailable, "Le service n’est pas prêt.", extensions: ["obstacles": obstacles])
                }
                return Reply(Health(status: "ready"))
            },
            Route(
                .get, "/metrics", "Measurements in Prometheus' text format.", access: .anyone,
                produces: "text/plain; version=0.0.4; charset=utf-8"
            ) { (_: Call, _: NoQuery, _: NoBody) in Reply(RawContent(platform.metrics.exposition())) },
        ]
    }

    private struct Health: Codable, Sendable {
        let status: String
    }
}
