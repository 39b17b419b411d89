import HTTPServer
import Primitives
import Testing

@Suite("The path of a route")
struct PathTemplateTests {
    private static let id = PathVariable<Identifier<Thing>>("id", "The thing.")
    private static let name = PathVariable<String>("name", "Any name.")

    @Test("it contains its variables in braces")
    func variables() {
        let template: PathTemplate = "/api/things/\(Self.id)/parts/\(Self.name)"
        #expect(template.description == "/api/things/{id}/parts/{name}")
    }

    @Test("it continues another path, with its variables")
    func continuation() {
        let all: PathTemplate = "/api/\(word: "things")"
        let one: PathTemplate = "\(all)/\(Self.id)"
        #expect("\("\(one)/parts/\(Self.name)" as PathTemplate)" == "/api/things/{id}/parts/{name}")
    }

    @Test("a variable that is not interpolated, occurs twice or is part of a segment is a programmer's error")
    func errors() async {
        await #expect(processExitsWith: .failure) { _ = "/api/things/{id}" as PathTemplate }
        await #expect(processExitsWith: .failure) {
            _ =
                "/api/\(PathVariable<String>("id", "The thing."))/\(PathVariable<String>("id", "The thing."))"
                as PathTemplate
        }
        await #expect(processExitsWith: .failure) {
            _ = "/api/thing-\(PathVariable<String>("id", "The thing."))" as PathTemplate
        }
        await #expect(processExitsWith: .failure) { _ = "api" as PathTemplate }
        await #expect(processExitsWith: .success) {
            _ = "/api/\(PathVariable<String>("id", "The thing."))" as PathTemplate
        }
    }
}
