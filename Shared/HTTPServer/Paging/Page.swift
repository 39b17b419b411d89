package import JSONCoding

/// One page of a list, and how to get the next.
package struct Page<Item: Codable & Sendable>: Codable, Sendable {
    /// The items in the order of the list.
    package let items: [Item]
    /// The cursor of the next page; nil on the last.
    package let next: String?

    /// A page as it is.
    package init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }

    /// A page from one row more than the limit, by which is known that there is a next page. `cursor` makes the
    /// cursor from the last item of this page.
    package init(_ rows: [Item], limit: PageLimit, cursor: (Item) throws -> String) rethrows {
        items = Array(rows.prefix(limit.value))
        next = rows.count > limit.value ? try items.last.map(cursor) : nil
    }
}

/// How many items a client wants on a page: 1 to 100.
package struct PageLimit: Hashable, Sendable {
    /// The most that is granted.
    package static let maximum = 100
    /// What a client gets that does not ask.
    package static let standard = PageLimit(unchecked: 20)

    /// The number of items.
    package let value: Int

    private init(unchecked value: Int) { self.value = value }
}

extension PageLimit: Codable, SchemaDescribed {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        value = try container.decode(Int.self)
        guard (1...Self.maximum).contains(value) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "nombre entier de 1 à \(Self.maximum) attendu")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    package static var schema: JSONSchema { .integer(minimum: 1, maximum: maximum) }
    package static var sample: PageLimit { standard }
}
