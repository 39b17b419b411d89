/// Requirements of the standard library's protocols: their documentation is there.
private let standardRequirements: Set = [
    "<", "==", "debugDescription", "description", "customMirror", "encode", "hash", "init(from", "init(rawValue",
    "rawValue",
    "init(dictionaryLiteral", "init(stringLiteral", "init(stringInterpolation", "init(literalCapacity", "appendLiteral",
    "next", "advanced", "allCases", "distance",
    "shared", "unownedExecutor", "codingPath", "userInfo", "StringLiteralType",
]

extension Check {
    /// Excepted is what a protocol documents already, and an initialiser that only stores what it is given.
    static let documentedInterfaces = Check(
        rule: "What other modules use of a shared module has a doc comment",
        find: { tree in
            let shared = tree.swift(in: "Shared")
            let protocols = protocols(in: shared)
            return shared.flatMap { undocumented(in: $0, besides: protocols) }
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
            Tree(["Shared/A/A.swift": "/// The two.\npackage let a =\n    1\npackage private(set) var b = 2"]),
            Tree(["Shared/A/A.swift": "/// A.\npackage struct A {\n    package func encode(to encoder: B) {}\n}"]),
            Tree(["Shared/A/A.swift": "extension A: Codable {\n    package func b() {}\n}"]),
            Tree([
                "Shared/A/A.swift": "/// A.\npackage protocol A {\n    /// B.\n    func b()\n}",
                "Shared/B/B.swift": "/// C.\npackage struct C: D {\n    package func b() {}\n}",
            ]),
            Tree([
                "Shared/A/A.swift": "/// A.\npackage protocol A {\n    /// B.\n    func b()\n}",
                "Shared/B/B.swift": "extension C: A {\n    struct D {\n        package func b() {}\n    }\n}",
            ]),
        ],
        observances: [
            Tree(["Shared/A/A.swift": "package import B\n/// A.\n@EventLoop\npackage final class A {}"]),
            Tree(["Shared/A/A.swift": "/// The two.\npackage func a(b: B) {}\npackage func a(c: C) {}"]),
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
            Tree([
                "Shared/A/A.swift": "/// A.\npackage protocol A: Codable {\n    /// B.\n    init?(b: Int)\n}",
                "Shared/C/C.swift": "/// C.\npackage protocol C: A {}\n/// D.\npackage typealias D = A & Sendable",
                "Shared/E/E.swift": "extension Int: C {\n    package init?(b: Int) { nil }\n}",
                "Shared/F/F.swift": "extension Int: D {\n    package init?(b: Int) { nil }\n}",
                "Shared/G/G.swift": "extension A {\n    package func encode(to encoder: any Encoder) {}\n}",
            ]),
            Tree(["Services/Booking/Service/Desk.swift": "package struct Desk {}"]),
        ])
}

private func undocumented(in file: SourceFile, besides protocols: [String: Set<String>]) -> [Finding] {
    let types = typeBlocks(in: file)
    return file.code.positions(of: "package ").compactMap { position in
        let line = file.code.line(of: position)
        let type = types.last { $0.extent.contains(position) }
        guard let name = declaredName(file.code.restOfLine(from: position)),
            !(type?.isWitness(name, of: protocols) ?? false), !isDocumented(file, line, name),
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
        if word.hasPrefix("init") { return String(word.prefix { $0 != ":" }.replacing("?", with: "")) }
        if word.hasPrefix("subscript") { return "subscript" }
        guard keywords.contains(word), index + 1 < words.count else { continue }
        if word == "class", words[index + 1] == "func" { continue }
        return String(words[index + 1].prefix { !"(:{<,=".contains($0) || $0 == words[index + 1].first })
    }
    return nil
}

/// Looks at the lines above, over attributes. A comment speaks for what it stands before, and for overloads of the same
/// name right below that.
private func isDocumented(_ file: SourceFile, _ line: Int, _ name: String) -> Bool {
    guard line > 1 else { return false }
    let (above, this) = (file.lines[line - 2], file.lines[line - 1])
    let text = above.drop { $0 == " " }
    if text.hasPrefix("///") { return true }
    let isContinuation = indentation(above) > indentation(this)
    let isDeclaration = text.hasPrefix("package ") || text.contains(" package ")
    let isShared = declaredName(String(text)) == name
    let isPassedOver = isContinuation || (isDeclaration ? isShared && !text.hasSuffix("{") : text.hasPrefix("@"))
    return isPassedOver && isDocumented(file, line - 1, name)
}

private func indentation(_ line: Substring) -> Int { line.prefix { $0 == " " }.count }

/// An initialiser that does nothing else says nothing that its type does not say.
private func onlyStores(_ file: SourceFile, _ position: Int) -> Bool {
    guard let block = file.code.block(after: position) else { return false }
    let body = String(decoding: file.code.bytes[block].dropFirst().dropLast(), as: UTF8.self)
    return body.split(separator: "\n").filter { !$0.allSatisfy { $0 == " " } }.allSatisfy { $0.contains(" = ") }
}

/// A type, an extension or a protocol.
private struct TypeBlock {
    /// What it begins with, and the space behind that.
    let keyword: String
    let name: String?
    /// All the names before its opening brace: its own and those of what it conforms to.
    let names: Set<String>
    /// To something; an actor always is.
    let isConforming: Bool
    let extent: ClosedRange<Int>

    /// Whether a protocol that the block states documents `name` already.
    func isWitness(_ name: String, of protocols: [String: Set<String>]) -> Bool {
        (isConforming && standardRequirements.contains(name))
            || names.contains { protocols[$0, default: []].contains(name) }
    }
}

/// In the order in which they open, so that the last one around a place is the innermost.
private func typeBlocks(in file: SourceFile) -> [TypeBlock] {
    ["actor ", "class ", "enum ", "extension ", "protocol ", "struct "].flatMap { keyword in
        file.code.positions(of: keyword).compactMap { position in
            guard let extent = file.code.block(after: position) else { return nil }
            let head = String(decoding: file.code.bytes[position..<extent.lowerBound], as: UTF8.self)
            let names = head.split { !$0.isLetter && !$0.isNumber }.dropFirst().map(String.init)
            let isConforming = head.contains(":") || keyword == "actor "
            return TypeBlock(
                keyword: keyword, name: names.first, names: Set(names), isConforming: isConforming, extent: extent)
        }
    }.sorted { $0.extent.lowerBound < $1.extent.lowerBound }
}

/// By the name of a protocol, or of a composition of some, what it and those that it refines ask for.
private func protocols(in files: [SourceFile]) -> [String: Set<String>] {
    var own: [String: Set<String>] = [:]
    var refined: [String: Set<String>] = [:]
    for file in files {
        for block in typeBlocks(in: file) where block.keyword == "protocol " {
            guard let name = block.name else { continue }
            own[name] = requirements(in: file, block.extent).union(block.isConforming ? standardRequirements : [])
            refined[name] = block.names
        }
        for composition in file.text.matches(of: /typealias (\w+) = (\w+(?: & \w+)+)/) {
            refined[String(composition.1)] = Set(composition.2.split(separator: " & ").map(String.init))
        }
    }
    return refined.mapValues { names in names.reduce(into: []) { $0.formUnion(own[$1, default: []]) } }
}

private func requirements(in file: SourceFile, _ extent: ClosedRange<Int>) -> Set<String> {
    Set(
        ["func ", "init(", "init?(", "var "].flatMap { keyword in
            file.code.positions(of: keyword).filter { extent.contains($0) }
                .compactMap { declaredName(file.code.restOfLine(from: $0)) }
        })
}
