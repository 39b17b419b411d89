import HTTPServer
import HTTPTesting
import Testing

/// The caller's tenant permits `https://clinic.example`, another tenant `https://other.example`.
@Suite("Pages of other origins")
struct CrossOriginTests {
    private static let things = "/api/things"

    private static func ask(
        _ client: RawClient, _ method: String, _ target: String, from origin: String?, role: String? = nil,
        _ more: [String: String] = [:]
    ) async throws -> RawClient.Response {
        var headers = role.map { TestServer.token($0) } ?? [:]
        headers["Origin"] = origin
        return try #require(
            await client.request(method, target, headers: headers.merging(more) { $1 }))
    }

    @Test("read what anyone may read, whatever their origin", arguments: [nil, "https://any.example", "null"])
    func open(_ origin: String?) async throws {
        try await TestServer.run { client, _ in
            for target in ["/hello", "/feed.ics", "/openapi.json", "/nothing", "/hello?a=%FF"] {
                let answer = try await Self.ask(client, "GET", target, from: origin)
                #expect(answer.headers["access-control-allow-origin"] == "*", "\(target)")
                #expect(answer.headers["access-control-allow-credentials"] == nil)
                #expect(answer.headers["vary"] == nil)
            }
        }
    }

    @Test("do not read what is for operators", arguments: ["/healthz", "/readyz", "/metrics"])
    func operators(_ target: String) async throws {
        try await TestServer.run { client, _ in
            let answer = try await Self.ask(client, "GET", target, from: "https://clinic.example")
            #expect(answer.status != 404 && answer.headers["access-control-allow-origin"] == nil)
        }
    }

    @Test("read what needs a token if the tenant of the token permits their origin")
    func permitted() async throws {
        try await TestServer.run { client, _ in
            let answer = try await Self.ask(client, "GET", Self.things, from: "https://clinic.example", role: "staff")
            #expect(answer.status == 200)
            #expect(answer.headers["access-control-allow-origin"] == "https://clinic.example")
            #expect(answer.headers["access-control-expose-headers"]?.contains("ETag") == true)
            #expect(answer.headers["vary"] == "Origin")
            #expect(answer.headers["access-control-allow-credentials"] == nil)
            let refused = try await Self.ask(
                client, "GET", Self.things, from: "https://clinic.example", role: "patient")
            #expect(refused.status == 403)
            #expect(refused.headers["access-control-allow-origin"] == "https://clinic.example")
        }
    }

    @Test(
        "do not read it if only another tenant does, or none",
        arguments: ["https://other.example", "https://any.example", "null", "*"])
    func foreign(_ origin: String) async throws {
        try await TestServer.run { client, _ in
            for role in ["staff", "patient"] {
                let answer = try await Self.ask(client, "GET", Self.things, from: origin, role: role)
                #expect(answer.headers["access-control-allow-origin"] == nil)
                #expect(answer.headers["vary"] == "Origin")
            }
        }
    }

    @Test("read refusals without a token, and what no token is needed for but reading, if any tenant permits them")
    func withoutToken() async throws {
        try await TestServer.run { client, _ in
            for (origin, isPermitted) in [
                ("https://clinic.example", true), ("https://other.example", true), ("https://any.example", false),
            ] {
                let refused = try await Self.ask(client, "GET", Self.things, from: origin)
                #expect(refused.status == 401)
                #expect((refused.headers["access-control-allow-origin"] == origin) == isPermitted)
                let posted = try #require(
                    await client.request("POST", "/echo", headers: ["Origin": origin], body: #"{"a":1}"#))
                #expect(posted.status == 200)
                #expect((posted.headers["access-control-allow-origin"] == origin) == isPermitted)
            }
        }
    }

    @Test("are told by a preflight what they may send, without a token")
    func preflight() async throws {
        try await TestServer.run { client, _ in
            func preflight(_ method: String, _ target: String, from origin: String) async throws -> RawClient.Response {
                try await Self.ask(
                    client, "OPTIONS", target, from: origin,
                    ["Access-Control-Request-Method": method, "Access-Control-Request-Headers": "authorization"])
            }
            for method in ["GET", "HEAD"] {
                let open = try await preflight(method, "/hello", from: "https://any.example")
                #expect(open.status == 204 && open.headers["access-control-allow-origin"] == "*")
                #expect(open.headers["access-control-allow-methods"] == method)
            }
            for origin in ["https://clinic.example", "https://other.example"] {
                let permitted = try await preflight("POST", Self.things, from: origin)
                #expect(permitted.status == 204 && permitted.body.isEmpty)
                #expect(permitted.headers["access-control-allow-origin"] == origin)
                #expect(permitted.headers["access-control-allow-methods"] == "POST")
                for field in ["Authorization", "Content-Type", "Idempotency-Key", "If-Match"] {
                    #expect(permitted.headers["access-control-allow-headers"]?.contains(field) == true)
                }
                #expect(permitted.headers["access-control-max-age"] == "600")
                #expect(permitted.headers["vary"] == "Origin, Access-Control-Request-Method")
            }
            for (method, target, origin) in [
                ("POST", Self.things, "https://any.example"), ("PUT", Self.things, "https://clinic.example"),
                ("POST", "/hello", "https://any.example"), ("GET", "/metrics", "https://clinic.example"),
            ] {
                let refused = try await preflight(method, target, from: origin)
                #expect(refused.status == 204 && refused.headers["access-control-allow-origin"] == nil)
                #expect(refused.headers["allow"]?.contains("OPTIONS") == true)
            }
        }
    }
}
