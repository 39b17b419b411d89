import Foundation
import Testing

@Suite("The documents of answers and measurements")
struct ProblemAndMetricTests {
    @Test("list every problem that a service answers, with its status")
    func problems() throws {
        let declared = try Repository.swift(in: "Services", "Shared").flatMap { file in
            file.text.matches(of: /= ProblemType\(\s*"([a-z-]+)", (\d+)/).map { "\($0.1) \($0.2)" }
        }
        let listed = try Repository.rows(of: "docs/api.md").filter { Int($0.value[1]) != nil }.map {
            "\($0.key) \($0.value[1])"
        }
        #expect(declared.count > 30)
        #expect(Set(listed) == Set(declared))
    }

    @Test("name every problem that the gateway answers")
    func gateway() throws {
        let text = try Repository.text("docs/api.md")
        let slugs = try Repository.text("Services/Gateway/problems.table").matches(of: /(?m)^\d+\|([a-z-]+)\|/)
        #expect(slugs.count > 5)
        for slug in slugs { #expect(text.contains("`\(slug.1)`"), "\(slug.1)") }
    }

    @Test("name a problem that gateway and services answer in one way")
    func oneWay() throws {
        let services = try Repository.swift(in: "Shared/HTTPServer").flatMap { file in
            file.text.matches(of: /= ProblemType\(\s*"([a-z-]+)", (\d+), "([^"]+)"/).map {
                ["\($0.1)", "\($0.2)", "\($0.3)"]
            }
        }
        let gateway = try Repository.text("Services/Gateway/problems.table").matches(
            of: /(?m)^(\d+)\|([a-z-]+)\|([^|]+)\|/
        ).map { ["\($0.2)", "\($0.1)", "\($0.3)"] }
        #expect(gateway.count > 5)
        for problem in gateway { #expect(services.contains(problem), "\(problem)") }
    }

    @Test("list every metric")
    func metrics() throws {
        let text = try Repository.text("docs/operations.md")
        let declared = try Repository.swift(in: "Services", "Shared").flatMap { file in
            file.text.matches(of: /(?:counter|gauge|histogram|exposed)\(\s*"([a-z._]+\.[a-z._]+)"/).map {
                String($0.1)
            }
        }
        #expect(declared.count > 15)
        for name in Set(declared) { #expect(text.contains("`\(name)`"), "\(name)") }
    }
}
