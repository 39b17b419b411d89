import FoundationEssentials
import GuichetProtocol
import Primitives
import Runtime

/// The arguments of a command are not well formed.
struct Misuse: ExitingError, CustomStringConvertible {
    let reason: String
    var exitCode: ExitCode { .usage }
    var description: String { reason }
}

/// `--name value` pairs and `--flags`.
struct Options {
    private(set) var values: [String: String] = [:]
    private(set) var flags: Set<String> = []

    init(_ arguments: [String], values names: Set<String>, flags known: Set<String>) throws {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            if known.contains(name) {
                flags.insert(name)
            } else if names.contains(name), let value = rest.popFirst() {
                values[name] = value
            } else {
                throw Misuse(reason: "\(name) is not understood, or lacks its value")
            }
        }
    }

    func required(_ name: String) throws -> String {
        guard let value = values[name] else { throw Misuse(reason: "\(name) is missing") }
        return value
    }

    /// The first line of a file: secrets are never on the command line, where every user of the machine sees them.
    static func secret(in path: String) throws -> String {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Misuse(reason: "the password file cannot be read")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Misuse(reason: "the password file is not UTF-8 text")
        }
        return String(text.prefix { !$0.isNewline })
    }
}
