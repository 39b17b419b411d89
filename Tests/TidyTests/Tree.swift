import Foundation

/// The files of the repository, or of a made-up one.
struct Tree: Sendable {
    let files: [SourceFile]

    /// A tree for an example: paths and texts.
    init(_ texts: KeyValuePairs<String, String>) {
        files = texts.map { SourceFile(path: $0, text: $1) }
    }

    /// Everything below `root` that is ours: most hidden folders hold build products, and Git what it knows.
    init(at root: URL) throws {
        var files: [SourceFile] = []
        var folders = [""]
        while let folder = folders.popLast() {
            for name in try FileManager.default.contentsOfDirectory(atPath: root.path + "/" + folder).sorted() {
                let path = folder + name
                if isDirectory(root.path + "/" + path) {
                    if !name.hasPrefix(".") || name == ".ci", name != "__pycache__" { folders.append(path + "/") }
                } else if name != ".git" {
                    files.append(try SourceFile(path: path, at: root))
                }
            }
        }
        self.files = files
    }

    /// The repository that this file belongs to, read once.
    static func repository() throws -> Tree { try read.get() }

    private static let read = Result {
        let here = URL(filePath: #filePath)
        return try Tree(at: here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent())
    }

    /// The Swift files below one of `folders`.
    func swift(in folders: String...) -> [SourceFile] {
        files.filter { file in file.isSwift && folders.contains { file.path.hasPrefix($0 + "/") } }
    }

    /// The Swift files of which programs are made: not tests, nor what tests share.
    var product: [SourceFile] {
        swift(in: "Services", "Shared").filter { !$0.path.hasPrefix("Shared/Testing/") }
    }

    var swift: [SourceFile] { files.filter(\.isSwift) }
    var markdown: [SourceFile] { files.filter { $0.path.hasSuffix(".md") } }

    /// Whether there is a file or a folder of this name.
    func contains(_ path: String) -> Bool {
        files.contains { $0.path == path || $0.path.hasPrefix(path + "/") }
    }
}

private func isDirectory(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
}
