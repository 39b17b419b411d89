import FoundationEssentials

/// Reading a secret from the file that holds it.
enum SecretFile {
    /// The longest secret, in bytes: a private key in PEM with room to spare.
    static let maximumLength = 65_536

    /// Why a file gave no secret, in French.
    struct Unreadable: Error { let reason: String }

    /// The content, less one line feed at its end.
    static func read(_ path: String) throws(Unreadable) -> String {
        let content: Data
        do {
            content = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Unreadable(reason: "qui ne peut pas être lu")
        }
        guard content.count <= maximumLength else { throw Unreadable(reason: "qui dépasse \(maximumLength) octets") }
        guard var text = String(validating: content, as: UTF8.self) else {
            throw Unreadable(reason: "qui n’est pas du texte UTF-8")
        }
        if text.hasSuffix("\r\n") || text.hasSuffix("\n") { text.removeLast() }
        guard !text.isEmpty else { throw Unreadable(reason: "qui est vide") }
        return text
    }
}
