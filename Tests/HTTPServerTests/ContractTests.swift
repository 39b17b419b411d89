import HTTPServer
import HTTPTesting
import Testing

@Suite("What clients can rely on")
struct ContractTests {
    private let valid = #"{"name":"table","at":"2026-11-20T09:30:00Z"}"#

    @Test("a body is decoded, and the answer says where the new resource is")
    func created() async throws {
        try await TestServer.run { client, _ in
            let response = try #require(
                await client.request(
                    "POST", "/api/things", headers: TestServer.token("staff", key: "\"k-1\""), body: valid))
            #expect(response.status == 201)
            #expect(response.headers["location"] == "/api/things/\(TestServer.thing)")
            #expect(response.body == #"{"id":"\#(TestServer.thing)","name":"table"}"#)
        }
    }

    @Test("faults of a body are listed with their pointers, in French")
    func invalidBody() async throws {
        try await TestServer.run { client, _ in
            let response = try #require(
                await client.request(
                    "POST", "/api/things", headers: TestServer.token("staff", key: "k"),
                    body: #"{"name":5,"at":"hier","tenant":"x"}"#))
            #expect(response.status == 400)
            #expect(response.headers["content-type"] == "application/problem+json")
            #expect(response.body.contains(#""type":"https://guichet.dev/problems/invalid-body""#))
            #expect(response.body.contains(#"{"detail":"texte attendu","pointer":"/name"}"#))
            #expect(response.body.contains(#""pointer":"/at""#))
            #expect(response.body.contains(#"{"detail":"champ inconnu","pointer":"/tenant"}"#))
        }
    }

    @Test("faults of a query are listed by parameter")
    func invalidQuery() async throws {
        try await TestServer.run { client, _ in
            let staff = TestServer.token("staff")
            #expect(
                await client.request("GET", "/api/things?limit=5", headers: staff)?.body.contains(#""name":"5""#)
                    == true)
            for query in ["limit=0", "limit=101", "limit=x", "limit=1&limit=2", "unknown=1"] {
                let response = try #require(await client.request("GET", "/api/things?\(query)", headers: staff))
                #expect(response.status == 400)
                #expect(response.body.contains("problems/invalid-query"))
            }
            #expect(await client.request("GET", "/hello?x=1")?.status == 400)
        }
    }

    @Test("a body of another type is refused")
    func mediaType() async throws {
        try await TestServer.run { client, _ in
            let response = await client.request("POST", "/echo", headers: ["Content-Type": "text/plain"], body: "{}")
            #expect(response?.status == 415)
        }
    }

    @Test("errors of a service become its problems; others say nothing of the inside")
    func errors() async throws {
        try await TestServer.run { client, _ in
            let taken = try #require(
                await client.request(
                    "POST", "/api/things", headers: TestServer.token("staff", key: "a"),
                    body: #"{"name":"pris","at":"2026-11-20T09:30:00Z"}"#))
            #expect(taken.status == 409)
            #expect(taken.body.contains(#""alternatives":["09:30","10:00"]"#))
            let failed = try #require(
                await client.request(
                    "POST", "/api/things", headers: TestServer.token("staff", key: "b"),
                    body: #"{"name":"panne","at":"2026-11-20T09:30:00Z"}"#))
            #expect(failed.status == 500)
            #expect(!failed.body.contains("expired"))
        }
    }

    @Test(
        "access is decided by token and role, before the body is read",
        arguments: [
            (nil, 401), ("Bearer", 401), ("Bearer nobody", 401), ("Basic c3RhZmY=", 401), ("Bearer patient", 403),
            ("bearer staff", 400), ("Bearer staff", 400),
        ] as [(String?, Int)])
    func access(authorization: String?, status: Int) async throws {
        try await TestServer.run { client, _ in
            var headers = ["Idempotency-Key": "k"]
            headers["Authorization"] = authorization
            let response = try #require(await client.request("POST", "/api/things", headers: headers, body: "no json"))
            #expect(response.status == status)
            #expect((response.headers["www-authenticate"] != nil) == (status == 401 || status == 403))
            #expect(await client.request("GET", "/hello")?.status == 200)
        }
    }

    @Test("a service account calls the routes that name its scope, and no others")
    func scopes() async throws {
        try await TestServer.run { client, _ in
            let one = "/api/things/\(TestServer.thing)"
            for (scope, target, status) in [
                ("calendar:read", "/api/things", 200), ("calendar:write", "/api/things", 403),
                ("calendar:read", one, 403), ("calendar:read", "/api/numbers", 403), ("calendar:read", "/hello", 200),
            ] {
                let answer = try #require(await client.request("GET", target, headers: TestServer.token(scope)))
                #expect(answer.status == status, "\(scope) at \(target)")
            }
            let refused = try #require(
                await client.request("GET", "/api/things", headers: TestServer.token("slots:read")))
            let challenge = "Bearer realm=\"guichet\", error=\"insufficient_scope\", scope=\"calendar:read\""
            #expect(refused.headers["www-authenticate"] == challenge)
        }
    }

    @Test("a route that wants a key refuses requests without a usable one")
    func idempotencyKey() async throws {
        try await TestServer.run { client, _ in
            for (key, slug) in [
                (nil, "idempotency-key-missing"), ("", "idempotency-key-invalid"), ("a b", "idempotency-key-invalid"),
                (String(repeating: "a", count: 256), "idempotency-key-invalid"),
            ] {
                let response = try #require(
                    await client.request(
                        "POST", "/api/things", headers: TestServer.token("staff", key: key), body: valid))
                #expect(response.status == 400)
                #expect(response.body.contains(slug))
            }
        }
    }

    @Test("the fingerprint of a request changes with its body and not with its key")
    func fingerprint() async throws {
        try await TestServer.run { client, _ in
            func fingerprint(_ key: String, _ body: String) async -> String? {
                await client.request("POST", "/api/things", headers: TestServer.token("staff", key: key), body: body)?
                    .headers["x-fingerprint"]
            }
            let first = try #require(await fingerprint("a", valid))
            #expect(await fingerprint("b", valid) == first)
            #expect(await fingerprint("a", valid + " ") != first)
        }
    }

    @Test("a version that the client has is not sent again")
    func notModified() async throws {
        try await TestServer.run { client, _ in
            let target = "/api/things/\(TestServer.thing)"
            let staff = TestServer.token("staff")
            #expect(await client.request("GET", target, headers: staff)?.headers["etag"] == "\"3\"")
            for (condition, status) in [
                ("\"3\"", 304), ("W/\"3\"", 304), ("\"1\", \"3\"", 304), ("*", 304), ("\"2\"", 200),
            ] {
                let headers = staff.merging(["If-None-Match": condition]) { $1 }
                #expect(await client.request("GET", target, headers: headers)?.status == status)
            }
        }
    }

    @Test("a change needs the version that was read")
    func preconditions() async throws {
        try await TestServer.run { client, _ in
            for (condition, status) in [
                (nil, 428), ("\"2\"", 412), ("W/\"3\"", 412), ("x", 412), ("\"2-3\"", 412), ("\"1-3\"", 412),
                ("\"03\"", 412), ("\"-3\"", 412), ("\"\"", 412), ("\"3\"", 200), ("*", 200),
            ] {
                var headers = TestServer.token("staff")
                headers["If-Match"] = condition
                let response = await client.request(
                    "PATCH", "/api/things/\(TestServer.thing)", headers: headers, body: valid)
                #expect(response?.status == status)
            }
        }
    }

    @Test("a reply without content is 204")
    func noContent() async throws {
        try await TestServer.run { client, _ in
            let target = "/api/things/\(TestServer.thing)"
            #expect(await client.request("DELETE", target, headers: TestServer.token("manager"))?.status == 204)
            #expect(
                await client.request("DELETE", target, headers: TestServer.token("manager"), body: "{}")?.status == 400)
            #expect(await client.request("GET", "/hello")?.status == 200)
        }
    }
}
