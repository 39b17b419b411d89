import Foundation
import Testing

@Suite("The threat model")
struct ThreatModelTests {
    private static let document = "docs/threat-model.md"

    /// The cells of the rows of the tables that have a column `Tests`.
    private static func rows() throws -> [[String]] {
        var (rows, isOfTests) = ([[String]](), false)
        for line in try Repository.text(document).split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("|") else {
                isOfTests = false
                continue
            }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if cells.last == "Tests" { isOfTests = true } else if isOfTests, cells[0] != "---" { rows.append(cells) }
        }
        return rows
    }

    /// What a row may name: tests of suites, of system tests and of the gateway.
    private static func tests() throws -> Set<String> {
        var found: Set<String> = []
        for file in try Repository.swift(in: "Tests") {
            let functions = file.text.matches(of: /func (\w+)/).map(\.1)
            for suite in file.text.matches(of: /(?m)^struct (\w+Tests)\b/) {
                found.formUnion(functions.map { "\(suite.1).\($0)" })
            }
        }
        let system = Repository.root.appending(path: "Tests/System").path
        for name in try FileManager.default.contentsOfDirectory(atPath: system) where name.hasSuffix(".py") {
            let functions = try Repository.text("Tests/System/\(name)").matches(of: /(?m)^def (test_\w+)/)
            found.formUnion(functions.map { "\(name.dropLast(3))::\($0.1)" })
        }
        let checks = try Repository.text("Services/Gateway/check").matches(of: /(?m)^def (check_\w+)/)
        return found.union(checks.map { "check::\($0.1)" })
    }

    @Test("names for each attack a defence and tests that exist")
    func names() throws {
        let (rows, tests) = (try Self.rows(), try Self.tests())
        #expect(rows.count > 40)
        for row in rows {
            let named = row[row.count - 1].matches(of: /`([^`]+)`/).map { String($0.1) }
            #expect(row.count == 3 && !named.isEmpty, "\(row)")
            for name in named { #expect(tests.contains(name), "\(name) of \(row[0])") }
        }
    }
}
