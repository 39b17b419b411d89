/// The header fields of a message, in order. Names are kept in lower case.
package struct HeaderFields: Sendable, ExpressibleByDictionaryLiteral {
    private(set) var fields: [(name: String, value: String)] = []

    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name, value) }
    }

    var count: Int { fields.count }

    /// Adds a field after those that are there.
    package mutating func add(_ name: String, _ value: String) { fields.append((name.lowercased(), value)) }

    /// Replaces all fields of this name, which is in lower case, by one.
    mutating func set(_ name: String, _ value: String) {
        remove(name)
        fields.append((name, value))
    }

    /// Removes all fields of this name, which is in lower case.
    mutating func remove(_ name: String) { fields.removeAll { $0.name == name } }

    /// The value of the first field of this name, which is in lower case.
    package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The values of all fields of this name, which is in lower case.
    func values(of name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
}
