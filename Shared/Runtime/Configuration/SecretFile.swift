import FoundationEssentials

/// Reads a secret from a file.
enum SecretFile {
    /// The longest secret, in bytes: enough for a private key in PEM.
    static let maximumLength = 65_536

    /// Why a file could not be used, as the end of a sentence.
    struct Unreadable: Error { let reason: String }

    /// The content without its final line feed. Throws ``Unreadable`` if the file cannot be used.
    static func read(_ path: String) throws(Unreadable) -> String {
        let content: Data
        do {
            content = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Unreadable(reason: "which cannot be read")
        }
        guard content.count <= maximumLength else { throw Unreadable(reason: "which exceeds \(maximumLength) bytes") }
        guard var text = String(validating: content, as: UTF8.self) else {
            throw Unreadable(reason: "which is not UTF-8 text")
        }
        if text.hasSuffix("\r\n") || text.hasSuffix("\n") { text.removeLast() }
        guard !text.isEmpty else { throw Unreadable(reason: "which is empty") }
        return text
    }
}
