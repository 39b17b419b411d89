extension Check {
    static let fileLength = Check(
        rule: "A Swift file has at most 400 lines",
        find: { tree in
            tree.swift.filter { $0.lines.count > 401 }.map {
                $0.finding("has \($0.lines.count - 1) lines: a second subject wants a file of its own")
            }
        },
        breaches: [Tree(["Shared/A/A.swift": String(repeating: "let a = 1\n", count: 401)])],
        observances: [Tree(["Shared/A/A.swift": String(repeating: "let a = 1\n", count: 400)])])

    static let functionLength = Check(
        rule: "A function has at most 70 lines",
        find: { tree in tree.swift.flatMap(longFunctions) },
        breaches: [
            Tree(["Shared/A/A.swift": function("func run(\n    a: Int = { 1 }()\n) ", lines: 71)]),
            Tree(["Shared/A/A.swift": "struct A {\n" + function("init?(a: Int) ", lines: 71) + "}\n"]),
        ],
        observances: [
            Tree(["Shared/A/A.swift": function("func run() ", lines: 70) + function("func walk() ", lines: 70)]),
            Tree(["Shared/A/A.swift": "protocol A {\n    func run()\n}\n" + function("struct B ", lines: 100)]),
            Tree(["Shared/A/A.swift": "let text = \"func {\"\n" + String(repeating: "let a = 1\n", count: 80)]),
        ])

    static let fileSize = Check(
        rule: "No file is larger than 200 kB",
        find: { tree in
            // `make docs` writes the descriptions of APIs, which grow with them.
            tree.files.filter { $0.size > 200_000 && !$0.path.hasPrefix("docs/openapi/") }.map {
                $0.finding("has \($0.size / 1000) kB: it belongs into a release, not into the history")
            }
        },
        breaches: [Tree(["docs/picture.svg": String(repeating: "x", count: 200_001)])],
        observances: [
            Tree(["docs/picture.svg": String(repeating: "x", count: 200_000)]),
            Tree(["docs/openapi/a.json": String(repeating: "x", count: 200_001)]),
        ])
}

private func longFunctions(_ file: SourceFile) -> [Finding] {
    ["func ", "init(", "init?("].flatMap { file.code.positions(of: $0) }.sorted().compactMap { position in
        guard let block = file.code.block(after: position) else { return nil }
        let (first, last) = (file.code.line(of: position), file.code.line(of: block.upperBound))
        let length = last - first + 1
        return length > 70 ? file.finding("a function of \(length) lines hides its steps", line: first) : nil
    }
}

/// A function of exactly that many lines.
private func function(_ head: String, lines: Int) -> String {
    let headLines = head.count { $0 == "\n" } + 1
    return head + "{\n" + String(repeating: "    work()\n", count: lines - headLines - 1) + "}\n"
}
