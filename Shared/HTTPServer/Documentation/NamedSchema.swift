package import JSONCoding

/// The schema of a document that no Swift type stands for, as that of a resource of a standard: an object whose other
/// members the standard describes.
package struct NamedSchema: Sendable {
    /// A member that the documentation describes.
    package struct Member: Sendable {
        let name: String
        let summary: String
        let schema: JSONSchema

        /// A member that is always there.
        package init(_ name: String, _ schema: JSONSchema, _ summary: String) {
            (self.name, self.schema, self.summary) = (name, schema, summary)
        }
    }

    let name: String
    let summary: String
    let members: [Member]

    /// - Parameter summary: one English sentence, with the address of the standard.
    package init(_ name: String, _ summary: String, _ members: [Member]) {
        (self.name, self.summary, self.members) = (name, summary, members)
    }

    var document: JSONValue {
        let properties = members.map { member in
            (
                member.name,
                JSONValue.object(member.schema.document.merging(["description": .string(member.summary)]) { $1 })
            )
        }
        return [
            "type": "object", "description": .string(summary),
            "properties": .object(Dictionary(properties) { first, _ in first }),
            "required": .array(members.map { .string($0.name) }),
        ]
    }
}
