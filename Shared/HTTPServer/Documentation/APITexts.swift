package import JSONCoding

/// The texts of an API's documentation that its code does not hold at run time: sentences from doc comments, and
/// examples.
package struct APITexts: Sendable {
    /// The sentences by the names of schemas, `SlotView`, and of their members, `SlotView.start`; that of the API itself
    /// under the empty name.
    package let sentences: [String: String]
    /// An example of each body by the name of its schema.
    package let examples: [String: JSONValue]

    /// No texts.
    package static let none = APITexts(sentences: [:], examples: [:])

    /// Texts that are known.
    package init(sentences: [String: String], examples: [String: JSONValue]) {
        (self.sentences, self.examples) = (sentences, examples)
    }

    /// Texts in two JSON documents that are part of the program.
    package init(sentences: [UInt8], examples: [UInt8]) {
        do {
            self.init(
                sentences: try JSONValue(parsing: sentences).members.compactMapValues(\.text),
                examples: try JSONValue(parsing: examples).members)
        } catch {
            preconditionFailure("the texts of the API are no JSON: \(error)")
        }
    }
}
