import Authentication
import EventLoop

/// A query that asks for a page of a list.
package protocol PagedQuery: Sendable {
    /// The cursor of the page before; nil for the first page.
    var cursor: String? { get }
    /// Nil for ``PageLimit/standard``.
    var limit: PageLimit? { get }
}

/// The query of a list without filters.
package struct PageQuery: PagedQuery, Codable {
    /// The `next` of the previous page; absent for the first page.
    package let cursor: String?
    /// The most items on a page; 20 if absent.
    package let limit: PageLimit?
}

extension Call {
    /// Answers one page of a list: reads the cursor, asks for one item more than the limit, and makes the next cursor.
    ///
    ///     try await call.page(query, of: "users", by: \.id) { after, count in try await users(after: after, count: count) }
    ///
    /// - Parameters:
    ///   - list: what the cursor must not be carried over from, beside the caller's tenant: the name of the list, and
    ///     whose it is.
    ///   - key: the sort key of an item.
    ///   - fetch: the items after a key, at most so many.
    /// - Throws: the 400 problem for a cursor of another list, and what `fetch` throws.
    @EventLoop
    package func page<Item: Codable & Sendable, Key: Codable>(
        _ query: some PagedQuery, of list: String, by key: (Item) -> Key,
        fetch: @EventLoop (_ after: Key?, _ count: Int) async throws -> [Item]
    ) async throws -> Page<Item> {
        guard let cursors else { preconditionFailure("the server was made without a codec for cursors") }
        let purpose = "\(list) \(principal.map { "\($0.tenant)" } ?? "")"
        let limit = query.limit ?? .standard
        let after = try query.cursor.map { try cursors.key(Key.self, from: $0, in: purpose) }
        let items = try await fetch(after, limit.value + 1)
        return try Page(items, limit: limit) { try cursors.cursor(after: key($0), in: purpose) }
    }
}
