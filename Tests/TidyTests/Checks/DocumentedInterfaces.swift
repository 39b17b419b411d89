/// Requirements of the standard library's protocols: their documentation is there.
private let standardRequirements: Set = [
    "<", "==", "debugDescription", "description", "customMirror", "encode", "hash", "init(from", "init(rawValue",
    "rawValue",
    "init(dictionaryLiteral", "init(stringLiteral", "init(stringInterpolation", "init(literalCapacity", "appendLiteral",
    "next", "allCases",
    "shared", "unownedExecutor", "codingPath", "userInfo", "StringLiteralType",
]

extension Check {
    /// Excepted is what a protocol documents already, and an initialiser that only stores what it is given.
    static let documentedInterfaces = Check(
        rule: "What other modules use of a shared module has a doc comment",
        find: { tree in
            let shared = tree.swift(in: "Shared")
            let requirements = standardRequirements.union(shared.flatMap(requirements(in:)))
            return shared.flatMap { undocumented(in: $0, besides: requirements) }
        },
        breaches: [
            Tree(["Shared/A/A.swift": "package struct A {}"]),
            Tree(["Shared/A/A.swift": "// Not a doc comment.\npackage struct A {}"]),
            Tree(["Shared/A/A.swift": "/// A.\n\npackage func a() {}"]),
            Tree(["Shared/A/A.swift": "/// A.\npackage struct A {\n    @EventLoop package static func b() {}\n}"]),
            Tree(["Shared/A/A.swift": "/// A.\npackage let a = 1\n\npackage private(set) var b = 2"]),
            Tree(["Shared/A/A.swift": "/// A.\npackage struct A {\n    package let b = 1\n}"]),
            Tree(["Shared/A/A.swift": "/// A.\npackage struct A {\n\n    package init() {\n        run()\n    }\n}"]),
            Tree(["Shared/A/A.swift": "extension A {\n    package func b() {}\n}"]),
        ],
        observances: [
            Tree(["Shared/A/A.swift": "package import B\n/// A.\n@EventLoop\npackage final class A {}"]),
            Tree(["Shared/A/A.swift": "/// The two.\npackage let a =\n    1\npackage private(set) var b = 2"]),
            Tree([
                "Shared/A/A.swift":
                    "/// A.\npackage struct A {\n\n    package init(b: B) {\n        self.b = b\n    }\n}"
            ]),
            Tree(["Shared/A/A.swift": "extension A: Codable {\n    package func encode(to encoder: any Encoder) {}\n}"]
            ),
            Tree([
                "Shared/A/A.swift": "/// A.\npackage protocol A {\n    /// B.\n    func b()\n}",
                "Shared/B/B.swift": "/// C.\npackage struct C: A {\n    package func b() {}\n}",
            ]),
            Tree(["Services/Booking/Service/Desk.swift": "package struct Desk {}"]),
        ])
}

private func undocumented(in file: SourceFile, besides requirements: Set<String>) -> [Finding] {
    let conformances = conformingExtensions(in: file)
    return file.code.positions(of: "package ").compactMap { position in
        let line = file.code.line(of: position)
        guard let name = declaredName(file.code.restOfLine(from: position)), !requirements.contains(name),
            !conformances.contains(where: { $0.contains(position) }), !isDocumented(file, line),
            !(name.hasPrefix("init") && onlyStores(file, position))
        else { return nil }
        return file.finding("\(name) has no doc comment", line: line)
    }
}

/// The name that a declaration gives: of an initialiser `init(` and its first label. Nil for an import.
private func declaredName(_ declaration: String) -> String? {
    let words = declaration.split(separator: " ")
    let keywords: Set<Substring> = [
        "actor", "class", "enum", "func", "let", "protocol", "struct", "subscript", "typealias", "var",
    ]
    for (index, word) in words.enumerated() {
        if word.hasPrefix("init") { return String(word.prefix { $0 != ":" }) }
        if word.hasPrefix("subscript") { return "subscript" }
        guard keywords.contains(word), index + 1 < words.count else { continue }
        if word == "class", words[index + 1] == "func" { continue }
        return String(words[index + 1].prefix { !"(:{<,=".contains($0) || $0 == words[index + 1].first })
    }
    return nil
}

/// Looks at the lines above, over attributes. A comment speaks for all the declarations that follow it line by line.
private func isDocumented(_ file: SourceFile, _ line: Int) -> Bool {
    guard line > 1 else { return false }
    let (above, this) = (file.lines[line - 2], file.lines[line - 1])
    let text = above.drop { $0 == " " }
    if text.hasPrefix("///") { return true }
    let isContinuation = indentation(above) > indentation(this)
    let isDeclaration = text.hasPrefix("package ") || text.contains(" package ")
    let isPassedOver = isContinuation || (isDeclaration ? !text.hasSuffix("{") : text.hasPrefix("@"))
    return isPassedOver && isDocumented(file, line - 1)
}

private func indentation(_ line: Substring) -> Int { line.prefix { $0 == " " }.count }

/// An initialiser that does nothing else says nothing that its type does not say.
private func onlyStores(_ file: SourceFile, _ position: Int) -> Bool {
    guard let block = file.code.block(after: position) else { return false }
    let body = String(decoding: file.code.bytes[block].dropFirst().dropLast(), as: UTF8.self)
    return body.split(separator: "\n").filter { !$0.allSatisfy { $0 == " " } }.allSatisfy { $0.contains(" = ") }
}

/// The extents of `extension A: B { … }`.
private func conformingExtensions(in file: SourceFile) -> [ClosedRange<Int>] {
    file.code.positions(of: "extension ").compactMap { position in
        guard let block = file.code.block(after: position) else { return nil }
        let head = file.code.restOfLine(from: position).prefix { $0 != "{" }
        return head.contains(":") ? block : nil
    }
}

/// What the protocols of a file ask of those that conform.
private func requirements(in file: SourceFile) -> [String] {
    file.code.positions(of: "protocol ").flatMap { position -> [String] in
        guard let block = file.code.block(after: position) else { return [] }
        return ["func ", "var ", "init("].flatMap { keyword in
            file.code.positions(of: keyword).filter { block.contains($0) }
                .compactMap { declaredName(file.code.restOfLine(from: $0)) }
        }
    }
}
