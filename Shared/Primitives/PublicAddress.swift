/// The address at which clients reach the suite: the beginning of the addresses in answers.
package struct PublicAddress: Hashable, Sendable {
    private let text: String

    /// - Parameter text: scheme and host, with or without a slash at the end.
    package init(_ text: String) { self.text = text.hasSuffix("/") ? String(text.dropLast()) : text }

    /// The address of a path and its query.
    package func url(_ path: String) -> String { text + path }
}
