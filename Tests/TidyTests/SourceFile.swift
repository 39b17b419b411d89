import Foundation

/// A file and what the checks ask of it.
struct SourceFile: Sendable {
    /// From the top of the repository, without a slash in front.
    let path: String
    /// Empty for what is no text.
    let text: String
    /// In bytes.
    let size: Int
    /// The text by lines; the first has the index zero.
    let lines: [Substring]
    /// For Swift: the text without comments and contents of strings; otherwise nothing.
    let code: SwiftCode

    var isSwift: Bool { path.hasSuffix(".swift") }

    /// The names of the folders it lies in, outermost first.
    var folders: [Substring] { Array(path.split(separator: "/").dropLast()) }

    init(path: String, text: String, size: Int? = nil) {
        self.path = path
        self.text = text
        self.size = size ?? text.utf8.count
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        code = SwiftCode(path.hasSuffix(".swift") ? text : "")
    }

    init(path: String, at root: URL) throws {
        let data = try Data(contentsOf: root.appending(path: path))
        self.init(path: path, text: String(validating: data, as: UTF8.self) ?? "", size: data.count)
    }

    /// The modules that a Swift file imports, each with its line.
    var imports: [(module: String, line: Int)] {
        code.lines(with: "import ").compactMap { line in
            let words = lines[line - 1].split(separator: " ")
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            guard let keyword = words.firstIndex(of: "import"),
                let name = words[(keyword + 1)...].first(where: { !kinds.contains($0) })
            else { return nil }
            return (String(name.prefix { $0 != "." }), line)
        }
    }

    /// The Swift names of the events that a Swift file subscribes to.
    var subscriptions: [String] {
        String(decoding: code.bytes, as: UTF8.self).matches(of: /\.to(?:All|Family)?\((\w+)\.self/).map { String($0.1) }
    }

    /// A finding in this file.
    func finding(_ message: String, line: Int? = nil) -> Finding {
        Finding(path: path, line: line, message: message)
    }
}

/// What a check has against a file.
struct Finding: CustomStringConvertible {
    let path: String
    let line: Int?
    /// What is wrong and what to do instead.
    let message: String

    var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(message)" }
}
