package import GuichetProtocol

/// One page of a list, and how to get the next.
package struct Page<Item: Codable & Sendable>: Codable, Sendable {
    /// The items in the order of the list.
    package let items: [Item]
    /// The cursor of the next page, for `cursor`; absent on the last page.
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

extension Page: WireRules {
    package static var rules: [String: WireRule] {
        ["next": CursorCodec.rule]
    }
}
