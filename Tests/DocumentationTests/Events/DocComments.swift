/// The doc comments of the protocol's types and their properties, which are the texts of the documents.
struct DocComments {
    private var texts: [String: String] = [:]
    private var properties: [String: [String]] = [:]

    /// Reads every file of the protocol.
    init() throws {
        for file in try Repository.swift(in: "Shared/GuichetProtocol") { read(file.text) }
    }

    /// The text of a type, or of `Type.property`; nil when it has none.
    subscript(name: String) -> String? { texts[name] }

    /// The names of the properties of a type, in the order of the source.
    func properties(of type: String) -> [String] { properties[type] ?? [] }

    private mutating func read(_ source: String) {
        var (comment, type): ([Substring], Substring) = ([], "")
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            if let text = line.wholeMatch(of: /\s*\/\/\/ ?(.*)/)?.1 {
                comment.append(text)
                continue
            }
            let text = comment.isEmpty ? nil : comment.joined(separator: " ")
            comment = []
            if let name = line.prefixMatch(of: /package (?:struct|protocol|enum|extension) (\w+)/)?.1 {
                type = name
                texts[String(name)] = text
            } else if let name = line.prefixMatch(of: /\s{4}package (?:var|let) (\w+)(?::| =)/)?.1 {
                texts["\(type).\(name)"] = text
                properties[String(type), default: []].append(String(name))
            }
        }
    }
}
