/// Ways around the compiler and around errors, and the comment that each owes to its reader.
extension Check {
    static let reasonedEscapes = Check(
        rule: "Unchecked concurrency has a Safety comment within three lines, a dropped error has a comment beside it",
        find: { tree in
            tree.product.flatMap { file in
                uncommented(file, "@unchecked Sendable", within: 3, "// Safety:")
                    + uncommented(file, "nonisolated(unsafe)", within: 3, "// Safety:")
                    + uncommented(file, "unsafeBitCast", within: 3, "// Safety:")
                    + droppedErrors(file)
            }
        },
        breaches: [
            Tree(["Shared/A/A.swift": "final class A: @unchecked Sendable {}"]),
            Tree(["Shared/A/A.swift": "// It is fine.\nnonisolated(unsafe) var a = 1"]),
            Tree(["Shared/A/A.swift": "// Safety: a\n\n\n\nlet a = unsafeBitCast(b, to: C.self)"]),
            Tree(["Shared/A/A.swift": "let a = try? b()"]),
            Tree(["Shared/A/A.swift": "// Says why.\nlet a = b\nlet c = try? d(\"// no comment\")"]),
        ],
        observances: [
            Tree(["Shared/A/A.swift": "final class A: @unchecked Sendable {\n    // Safety: behind its lock.\n}"]),
            Tree(["Shared/A/A.swift": "// Safety: written once,\n// before any thread.\nnonisolated(unsafe) var a = 1"]
            ),
            Tree(["Shared/A/A.swift": "let a = try? b()  // None is as good."]),
            Tree(["Shared/A/A.swift": "// None is as good.\nlet a =\n    try b()\n// None.\n_ = try? c()"]),
        ])
}

private func uncommented(_ file: SourceFile, _ escape: String, within reach: Int, _ comment: String) -> [Finding] {
    file.code.lines(with: escape).filter { line in
        let near = file.lines[max(0, line - 1 - reach)..<min(file.lines.count, line + reach)]
        return !near.contains { $0.contains(comment) }
    }.map { file.finding("\(escape) without \(comment) and why it is sound", line: $0) }
}

private func droppedErrors(_ file: SourceFile) -> [Finding] {
    file.code.lines(with: "try?").filter { line in
        let lineBefore = line > 1 ? file.lines[line - 2].drop { $0 == " " } : ""
        return !lineBefore.hasPrefix("//") && !hasTrailingComment(file, line)
    }.map { file.finding("try? drops an error without a comment that says why", line: $0) }
}

/// In the blanked code nothing is left of a comment: a line that is longer as text ends in one.
private func hasTrailingComment(_ file: SourceFile, _ line: Int) -> Bool {
    let length = file.code.line(line).utf8.reversed().drop { $0 == UInt8(ascii: " ") }.count
    let rest = String(decoding: file.lines[line - 1].utf8.dropFirst(length), as: UTF8.self)
    return rest.drop { $0 == " " }.hasPrefix("//")
}
