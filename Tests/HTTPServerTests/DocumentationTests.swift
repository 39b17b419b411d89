import FoundationEssentials
import HTTPServer
import HTTPTesting
import Runtime
import Testing

@Suite("Describing an API")
struct DocumentationTests {
    private struct Document: Decodable {
        struct Operation: Decodable {
            struct Parameter: Decodable {
                let name: String
                let `in`: String
                let required: Bool
                let schema: Schema
            }
            struct Schema: Decodable { let format: String? }
            struct Response: Decodable { let description: String }

            func parameter(_ name: String) -> Parameter? { parameters.first { $0.name == name } }

            /// Whether one of the answers is this problem.
            func answers(_ problem: ProblemType) -> Bool {
                responses["\(problem.status.code)"]?.description.contains("`\(problem.slug)`") == true
            }
            let operationId: String
            let security: [[String: [String]]]
            let parameters: [Parameter]
            let responses: [String: Response]
        }
        struct Components: Decodable {
            struct Schema: Decodable { let type: String }
            let schemas: [String: Schema]
        }
        let openapi: String
        let paths: [String: [String: Operation]]
        let components: Components
    }

    private func document() async throws -> Document {
        let bytes = try await OpenAPIDocument(.init(title: "Things", version: "1"), routes: TestServer.routes(Gate()))
            .encoded()
        return try JSONDecoder().decode(Document.self, from: Data(bytes))
    }

    @Test("every route is there with its parameters, its security and all its answers")
    func operations() async throws {
        let document = try await document()
        #expect(document.openapi == "3.1.0")
        let create = try #require(document.paths["/api/things"]?["post"])
        #expect(create.operationId == "post_api_things")
        #expect(create.security == [["bearer": []]])
        #expect(create.parameters.map(\.name) == ["Idempotency-Key"])
        #expect(
            create.responses.keys.sorted() == [
                "201", "400", "401", "403", "409", "413", "415", "422", "431", "500", "503",
            ])
        #expect(create.responses["409"]?.description.contains("slot-taken") == true)
        let list = try #require(document.paths["/api/things"]?["get"])
        #expect(list.parameters.map(\.name) == ["cursor", "limit"])
        #expect(document.paths["/hello"]?["get"]?.security == [])
        #expect(document.paths["/api/things/{id}"]?["delete"]?.responses["204"] != nil)
    }

    @Test("problems and headers follow from what a route takes")
    func derivedProblems() async throws {
        let paths = try await document().paths
        let change = try #require(paths["/api/things/{id}"]?["patch"])
        #expect(change.answers(.preconditionRequired) && change.answers(.preconditionFailed))
        #expect(change.parameter("If-Match")?.required == true)
        #expect(change.answers(.notFound) && change.answers(.unauthenticated) && change.answers(.forbidden))
        #expect(change.answers(.unsupportedMediaType) && !change.answers(.idempotencyKeyReused))
        let create = try #require(paths["/api/things"]?["post"])
        #expect(create.answers(.idempotencyKeyMissing) && create.answers(.idempotencyKeyReused))
        #expect(
            create.answers(.idempotencyKeyInUse) && !create.answers(.notFound) && !create.answers(.preconditionFailed))
        let list = try #require(paths["/api/numbers"]?["get"])
        #expect(list.answers(.invalidCursor) && list.answers(.unavailable) && list.parameter("If-Match") == nil)
        #expect(paths["/hello"]?["get"]?.answers(.unauthenticated) == false)
    }

    @Test("a parameter of a path has the type of its variable")
    func pathParameters() async throws {
        let paths = try await document().paths
        #expect(paths["/api/things/{id}"]?["get"]?.parameter("id")?.schema.format == "uuid")
        #expect(paths["/held/{name}"]?["get"]?.parameter("name")?.schema.format == nil)
    }

    @Test("schemas are named after their types")
    func schemas() async throws {
        let schemas = try await document().components.schemas
        #expect(
            schemas.keys.sorted() == [
                "CreateThing", "PageOfInt", "PageOfThingView", "PageQuery", "Problem", "ThingQuery", "ThingView",
            ])
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
