import HTTPServer
import HTTPTesting
import JSONCoding
import Runtime
import Testing

@Suite("Describing an API")
struct DocumentationTests {
    private static let texts = APITexts(
        sentences: [
            "": "Things.", "ThingView": "A thing.", "ThingView.name": "Its name.", "ThingQuery.limit": "How many.",
            "SlotTakenProblem": "The slot is taken.", "FreeTimes.alternatives": "Free times.",
        ], examples: ["ThingView": ["id": "0193a5c0-0000-7000-8000-000000000001", "name": "chaise"]])

    private func document() async throws -> JSONValue {
        let bytes = try await OpenAPIDocument("things", routes: TestServer.routes(Gate()), texts: Self.texts).encoded()
        return try JSONValue(parsing: bytes)
    }

    @Test("every route is there with its name, its parameters, its security and all its answers")
    func operations() async throws {
        let document = try await document()
        #expect(document["openapi"] == "3.1.0")
        #expect(document["info"]?["description"] == "Things.")
        let create = try #require(document.operation("/api/things", "post"))
        #expect(create["operationId"] == "createThing")
        #expect(create["security"] == [["bearer": []]])
        #expect(create.parameterNames == ["Idempotency-Key"])
        #expect(
            create["responses"]?.members.keys.sorted() == [
                "201", "400", "401", "403", "408", "409", "413", "415", "422", "429", "431", "500", "502", "503", "504",
            ])
        #expect(create["responses"]?["201"]?["headers"]?.members.keys.sorted() == ["Location", "X-Request-Id"])
        #expect(document.operation("/api/things", "get")?.parameterNames == ["cursor", "limit"])
        let list = try #require(document.operation("/api/things", "get"))
        #expect(list["security"] == [["bearer": []], ["serviceAccount": ["calendar:read"]]])
        #expect(list["description"] == "Roles: manager, staff. Scope: `calendar:read`.")
        #expect(document.operation("/hello", "get")?["security"] == [])
        #expect(document.operation("/api/things/{id}", "delete")?["responses"]?["204"] != nil)
    }

    @Test("problems and headers follow from what a route takes")
    func derivedProblems() async throws {
        let document = try await document()
        let change = try #require(document.operation("/api/things/{id}", "patch"))
        #expect(
            change.answers(.preconditionRequired, in: document) && change.answers(.preconditionFailed, in: document))
        #expect(change.parameter("If-Match")?["required"] == true)
        #expect(
            change.answers(.notFound, in: document) && change.answers(.unauthenticated, in: document)
                && change.answers(.forbidden, in: document))
        #expect(
            change.answers(.unsupportedMediaType, in: document) && !change.answers(.idempotencyKeyReused, in: document))
        let create = try #require(document.operation("/api/things", "post"))
        #expect(
            create.answers(.idempotencyKeyMissing, in: document) && create.answers(.idempotencyKeyReused, in: document))
        #expect(
            create.answers(.idempotencyKeyInUse, in: document) && !create.answers(.notFound, in: document)
                && !create.answers(.preconditionFailed, in: document))
        let list = try #require(document.operation("/api/numbers", "get"))
        #expect(
            list.answers(.invalidCursor, in: document) && list.answers(.unavailable, in: document)
                && list.parameter("If-Match") == nil)
        #expect(
            list.answers(.tooManyRequests, in: document) && list.answers(.badGateway, in: document)
                && list.answers(.gatewayTimeout, in: document))
        #expect(document.operation("/hello", "get")?.answers(.unauthenticated, in: document) == false)
    }

    @Test("an entity tag brings If-None-Match and 304")
    func entityTags() async throws {
        let document = try await document()
        let read = try #require(document.operation("/api/things/{id}", "get"))
        #expect(read.parameter("If-None-Match")?["required"] == false)
        #expect(read["responses"]?["304"]?["headers"]?["ETag"] != nil)
        #expect(read["responses"]?["200"]?["headers"]?["ETag"] != nil)
        #expect(document.operation("/api/things", "get")?["responses"]?["304"] == nil)
    }

    @Test("If-Match is not required where a route creates, too, and takes an asterisk")
    func preconditions() async throws {
        let document = try await document()
        let put = try #require(document.operation("/api/named/{id}", "put"))
        #expect(put.parameter("If-Match")?["required"] == false)
        #expect(put.parameter("If-Match")?["schema"]?["pattern"] == #"^("([0-9]+-)?[0-9]+"|\*)$"#)
        #expect(put.parameter("If-None-Match")?["schema"]?["enum"] == ["*"])
        #expect(put.answers(.preconditionRequired, in: document))
    }

    @Test("a parameter of a path has the type and the sentence of its variable")
    func pathParameters() async throws {
        let document = try await document()
        let id = document.operation("/api/things/{id}", "get")?.parameter("id")
        #expect(id?["schema"]?["format"] == "uuid")
        #expect(id?["description"] == "The thing.")
        #expect(document.operation("/held/{name}", "get")?.parameter("name")?["schema"]?["format"] == nil)
    }

    @Test("schemas are named after their types and have their sentences; those of queries are left out")
    func schemas() async throws {
        let document = try await document()
        let schemas = document["components"]?["schemas"]?.members ?? [:]
        #expect(
            schemas.keys.filter { !$0.hasSuffix("Problem") }.sorted() == [
                "CreateThing", "Fault", "PageOfInt", "PageOfThingView", "Shape", "ThingView",
            ])
        let thing = schemas["ThingView"]
        #expect(thing?["description"] == "A thing.")
        #expect(thing?["properties"]?["name"]?["description"] == "Its name.")
        #expect(thing?["properties"]?["id"]?["readOnly"] == true)
        #expect(thing?["properties"]?["name"]?["readOnly"] == nil)
        let sentBack = schemas["CreateThing"]?["properties"]
        #expect(sentBack?["id"]?["readOnly"] == true && sentBack?["count"]?["readOnly"] == nil)
        let list = document.operation("/api/things", "get")
        #expect(list?.parameter("limit")?["description"] == "How many.")
        #expect(
            list?["responses"]?["200"]?["content"]?["application/json"]?["example"]?["items"]?.elements.first?["name"]
                == "chaise")
    }

    @Test("a problem has a schema of its own, with its further members")
    func problems() async throws {
        let document = try await document()
        let taken = try #require(document["components"]?["schemas"]?["SlotTakenProblem"])
        #expect(taken["description"] == "The slot is taken.")
        #expect(taken["properties"]?["type"]?["const"] == "https://guichet.dev/problems/slot-taken")
        #expect(taken["properties"]?["status"]?["const"] == 409)
        #expect(taken["properties"]?["alternatives"]?["description"] == "Free times.")
        #expect(taken["required"] == ["type", "title", "status", "detail", "alternatives"])
        let refusal = document["components"]?["responses"]?["409-idempotency-key-in-use.slot-taken"]
        #expect(refusal?["headers"]?["Retry-After"] != nil)
        #expect(refusal?["content"]?["application/problem+json"]?["schema"]?["oneOf"]?.elements.count == 2)
    }

    @Test("refusals in a form of their own have its schema and no other")
    func ownForm() async throws {
        let document = try await document()
        let refusal = document["components"]?["responses"]?["404-not-found.Shape"]?["content"]?.members
        #expect(
            refusal == ["application/shape+json": ["schema": ["$ref": "#/components/schemas/Shape"]]])
        #expect(document.operation("/shapes/{name}/round", "get")?.answers(.notFound, in: document) == true)
    }

    @Test("the standard routes serve health, readiness, metrics and the description")
    func standardRoutes() async throws {
        try await TestServer.run { client, server in
            #expect(await client.request("GET", "/healthz")?.status == 200)
            let starting = try #require(await client.request("GET", "/readyz"))
            #expect(starting.status == 503)
            #expect(starting.body.contains(#""obstacles":["starting"]"#))
            #expect(
                await client.request("GET", "/metrics")?.body.contains("http_server_request_duration_seconds_bucket")
                    == true)
            #expect(await client.request("GET", "/openapi.json")?.body.contains(#""openapi":"3.1.0""#) == true)
        }
    }
}

extension JSONValue {
    fileprivate func operation(_ path: String, _ method: String) -> JSONValue? { self["paths"]?[path]?[method] }

    fileprivate var parameterNames: [String] { self["parameters"]?.elements.compactMap { $0["name"]?.text } ?? [] }

    fileprivate func parameter(_ name: String) -> JSONValue? {
        self["parameters"]?.elements.first { $0["name"]?.text == name }
    }

    /// Whether one of the answers of an operation is this problem.
    fileprivate func answers(_ problem: ProblemType, in document: JSONValue) -> Bool {
        let reference = self["responses"]?["\(problem.status.code)"]?["$ref"]?.text ?? ""
        let name = reference.replacing("#/components/responses/", with: "")
        let description = document["components"]?["responses"]?[name]?["description"]?.text ?? ""
        return description.contains("`\(problem.slug)`")
    }
}
