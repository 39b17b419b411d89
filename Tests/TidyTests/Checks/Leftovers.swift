extension Check {
    /// Split, so that this file passes.
    private static let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "// MA" + "RK"]

    static let leftovers = Check(
        rule: "Nothing is left for later, and no banner divides a file",
        find: { tree in
            tree.files.flatMap { file in
                marks.filter { file.text.contains($0) }.flatMap { mark in
                    file.lines.indices.filter { file.lines[$0].contains(mark) }.map {
                        file.finding("\(mark): do it now, open an issue, or cut the file in two", line: $0 + 1)
                    }
                }
            }
        },
        breaches: marks.map { Tree(["deploy/run": "echo done # \($0) say more"]) },
        observances: [Tree(["Shared/A/A.swift": "// To do this needs a lock."])])
}
