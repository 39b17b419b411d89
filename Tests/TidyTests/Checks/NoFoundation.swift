extension Check {
    static let noFoundation = Check(
        rule: "Only tests import the whole of Foundation",
        find: { tree in
            tree.product.flatMap { file in
                file.imports.filter { $0.module == "Foundation" }.map {
                    file.finding("Foundation costs 20 MB a process: import FoundationEssentials", line: $0.line)
                }
            }
        },
        breaches: [Tree(["Shared/A/A.swift": "internal import Foundation"])],
        observances: [
            Tree(["Shared/A/A.swift": "package import FoundationEssentials"]),
            Tree(["Tests/ATests/A.swift": "import Foundation"]),
            Tree(["Shared/Testing/ATesting/A.swift": "import Foundation"]),
        ])
}
