import Foundation

/// The files of the repository that this file belongs to.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The Swift files below the folders, as paths from the root and their texts.
    static func swift(in folders: String...) throws -> [(path: String, text: String)] {
        try folders.flatMap { folder in
            try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
                .filter { $0.hasSuffix(".swift") }.map { ("\(folder)/\($0)", try text("\(folder)/\($0)")) }
        }
    }

    /// The cells of the table rows of a Markdown file whose first cell begins with a word in backticks, by that word.
    static func rows(of path: String) throws -> [String: [String]] {
        let rows = try text(path).split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        return Dictionary(rows.map { (String($0[0].dropFirst().prefix { $0 != "`" }), $0) }) { first, _ in first }
    }
}
