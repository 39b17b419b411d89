/// Not modules: headers of C libraries, and what tests share.
private let untested: Set<Substring> = ["C", "Testing"]

extension Check {
    static let testedModules = Check(
        rule: "Every shared module has tests of its own",
        find: { tree in
            let modules = Set(tree.swift(in: "Shared").map { $0.folders[1] }).subtracting(untested)
            return modules.sorted().filter { tree.swift(in: "Tests/\($0)Tests").isEmpty }.map {
                Finding(path: "Shared/\($0)", line: nil, message: "has no tests in Tests/\($0)Tests")
            }
        },
        breaches: [Tree(["Shared/AMQP/Topology.swift": "", "Tests/PostgresTests/RowTests.swift": ""])],
        observances: [
            Tree(["Shared/AMQP/Topology.swift": "", "Tests/AMQPTests/TopologyTests.swift": ""]),
            Tree(["Shared/Testing/PostgresTesting/TestDatabase.swift": "", "Shared/C/CJansson/shim.h": ""]),
        ])
}
