import Foundation

/// The doc comments of the types of some modules, which are the texts of the documents.
final class DocComments {
    private let root: URL
    private var modules: [String: Module] = [:]

    /// - Parameter root: of the repository.
    init(root: URL) { self.root = root }

    /// The text of a type; nil if it has none.
    func text(of type: Any.Type) throws -> String? {
        let (module, name) = Self.place(of: type)
        guard let text = try self.module(module).types[name] else { return nil }
        let cases = try self.module(module).cases[name] ?? []
        return ([text] + cases.map { "`\($0.name)`: \($0.text)" }).joined(separator: " ")
    }

    /// The text of a member of a type, by its name in JSON; nil if it has none.
    func text(of member: String, in type: Any.Type) throws -> String? {
        let (module, name) = Self.place(of: type)
        let comments = try self.module(module)
        return comments.members["\(name).\(comments.swiftNames["\(name).\(member)"] ?? member)"]
    }

    /// The text of a declaration `static let … = ProblemType("slug", …)` in a module; nil if it has none.
    func text(ofProblem slug: String, in module: String) throws -> String? { try self.module(module).problems[slug] }

    /// The module of a type, and its name with those of the types around it, without arguments.
    private static func place(of type: Any.Type) -> (module: String, name: String) {
        let full = String(reflecting: type).prefix { $0 != "<" }.replacing(/\(unknown context at [^)]*\)\./, with: "")
        let parts = full.split(separator: ".", maxSplits: 1).map(String.init)
        return (parts.first ?? "", parts.last ?? "")
    }

    private func module(_ name: String) throws -> Module {
        if let known = modules[name] { return known }
        var module = Module()
        let folder = root.appending(path: Self.folder(of: name))
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
            module.read(try String(contentsOf: file, encoding: .utf8))
        }
        modules[name] = module
        return module
    }

    private static func folder(of module: String) -> String {
        for layer in ["Service", "Domain"] where module.hasSuffix(layer) {
            return "Services/\(module.dropLast(layer.count))/\(layer)"
        }
        return "Shared/\(module)"
    }
}

/// The comments of one module.
private struct Module {
    var types: [String: String] = [:]
    /// By `Type.member`.
    var members: [String: String] = [:]
    /// The cases of enumerations that have a comment, by raw value.
    var cases: [String: [(name: String, text: String)]] = [:]
    /// The names in the code of members by `Type.name in JSON`, where they differ.
    var swiftNames: [String: String] = [:]
    var problems: [String: String] = [:]

    private let type =
        /(?:(?:package|private|fileprivate|final|indirect) )*(struct|enum|class|protocol|extension) ([\w.]+)/
    private let property = /(?:(?:package|private\(set\)|nonisolated) )*(?:let|var) `?(\w+(?:, \w+)*)`?\s*[:=]/
    private let problem = /static let \w+ = ProblemType\(\s*"([a-z-]+)"/

    mutating func read(_ source: String) {
        var comment: [Substring] = []
        var scopes: [(indent: Int, name: String)] = []
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let indent = line.prefix { $0 == " " }.count
            let code = line.dropFirst(indent)
            if code.hasPrefix("///") {
                comment.append(code.dropFirst(3).drop { $0 == " " })
                continue
            }
            guard !code.hasPrefix("@") else { continue }
            let text = comment.isEmpty ? nil : Self.firstParagraph(comment)
            comment = []
            if let match = code.prefixMatch(of: type) {
                scopes.removeAll { $0.indent >= indent }
                let name = (scopes.map(\.name) + [String(match.2)]).joined(separator: ".")
                scopes.append((indent, String(match.2)))
                if match.1 != "extension", let text { types[name] = text }
                continue
            }
            let owner = scopes.filter { $0.indent < indent }.map(\.name).joined(separator: ".")
            guard scopes.last(where: { $0.indent < indent })?.indent == indent - 4 else { continue }
            read(code, text, in: owner)
            let next = index + 1 < lines.count ? lines[index + 1] : ""
            if let text, let match = "\(code)\(next)".firstMatch(of: problem) { problems[String(match.1)] = text }
        }
    }

    private mutating func read(_ code: Substring, _ text: String?, in owner: String) {
        if let match = code.prefixMatch(of: property), let text {
            for name in match.1.split(separator: ", ") { members["\(owner).\(name)"] = text }
        } else if code.hasPrefix("case ") {
            for part in code.dropFirst(5).split(separator: ",") {
                let words = part.split(separator: "=").map { $0.trimmingCharacters(in: .whitespaces) }
                let raw = words.count == 2 ? words[1].trimmingCharacters(in: ["\""]) : words[0]
                if let keys = ["CodingKeys", "Field"].first(where: { owner.hasSuffix(".\($0)") }) {
                    swiftNames["\(owner.dropLast(keys.count + 1)).\(raw)"] = words[0]
                } else if let text {
                    cases[owner, default: []].append((raw, text))
                }
            }
        }
    }

    /// What follows an empty line is for readers of the code.
    private static func firstParagraph(_ lines: [Substring]) -> String {
        lines.prefix { !$0.isEmpty }.joined(separator: " ")
    }
}
