/// Decodes untrusted input strictly: nothing is ignored or guessed.
///
/// Duplicate and unknown fields, missing fields, wrong types, integers out of range, invalid UTF-8 and U+0000 are
/// refused. All faults of a document are reported together if the types allow decoding to continue after the first.
package enum StrictJSON {
    /// Decodes the JSON document in `bytes`. Throws ``InvalidInput``, or errors of `T` itself that are not a
    /// `DecodingError`.
    package static func decode<T: Decodable>(_ type: T.Type, from bytes: [UInt8]) throws -> T {
        try decode(type, from: JSONTree(parsing: bytes), isText: false)
    }

    /// Decodes the pairs of a query string, each field of `T` from one pair. Numbers and booleans are read from their
    /// text. A list field takes every pair of its name; any other name that occurs twice is refused. Throws like
    /// ``decode(_:from:)``.
    package static func decode<T: Decodable>(_ type: T.Type, fromQuery pairs: [(name: String, value: String)]) throws
        -> T
    {
        try decode(type, from: JSONTree(pairs: pairs), isText: true)
    }

    static func decode<T: Decodable>(_ type: T.Type, from tree: JSONTree, isText: Bool = false) throws -> T {
        let session = DecodingSession(isText: isText)
        return try withExtendedLifetime(tree) {
            let value: T
            do {
                value = try TreeDecoder.decode(type, from: tree.root, at: .root, in: session)
            } catch is Unreplaceable {
                throw InvalidInput(faults: session.faults)
            }
            guard session.faults.isEmpty else { throw InvalidInput(faults: session.faults) }
            return value
        }
    }
}
