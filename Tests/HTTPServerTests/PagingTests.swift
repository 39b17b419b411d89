import HTTPServer
import HTTPTesting
import Testing

private struct Key: Codable, Equatable {
    let at: Int
    let id: String
}

@Suite("Paging through lists")
struct PagingTests {
    private let codec = CursorCodec(key: Array("a key that all replicas share".utf8))
    private let key = Key(at: 12, id: "x")

    @Test("a cursor leads back to its key")
    func roundTrip() throws {
        let cursor = try codec.cursor(after: key, in: "things/clinic")
        #expect(try codec.key(from: cursor, in: "things/clinic") == key)
        #expect(
            cursor.utf8.allSatisfy { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "=") })
    }

    @Test("a cursor of another list, another key or with any character changed is refused")
    func tampering() throws {
        let cursor = try codec.cursor(after: key, in: "things/clinic")
        #expect(throws: Problem.self) { try codec.key(Key.self, from: cursor, in: "things/other") }
        let other = CursorCodec(key: Array("another key".utf8))
        #expect(throws: Problem.self) { try other.key(Key.self, from: cursor, in: "things/clinic") }
        for index in cursor.indices {
            let changed = cursor.replacingCharacters(at: index, with: cursor[index] == "A" ? "B" : "A")
            #expect(throws: Problem.self) { try codec.key(Key.self, from: changed, in: "things/clinic") }
        }
        for text in ["", "a", "é", String(repeating: "A", count: 4000)] {
            #expect(throws: Problem.self) { try codec.key(Key.self, from: text, in: "things/clinic") }
        }
    }

    @Test("a list is read page by page, and a cursor of another caller's tenant or list is refused")
    func list() async throws {
        try await TestServer.run { client, _ in
            let staff = TestServer.token("staff")
            let first = try #require(await client.request("GET", "/api/numbers?limit=20", headers: staff))
            let cursor = try #require(first.body.firstMatch(of: /"next":"([^"]+)"/)).1
            let second = try #require(await client.request("GET", "/api/numbers?cursor=\(cursor)", headers: staff))
            #expect(second.body == "{\"items\":[21,22,23,24,25]}" || second.body.contains("\"next\":null"))
            #expect(second.body.contains("[21,22,23,24,25]"))
            let foreign = try #require(await client.request("GET", "/api/numbers?cursor=x\(cursor)", headers: staff))
            #expect(foreign.status == 400 && foreign.body.contains("problems/invalid-cursor"))
        }
    }

    @Test("one row more than the limit means that there is a next page")
    func pages() {
        let limit = PageLimit.standard
        let full = Page(Array(1...21), limit: limit) { "after \($0)" }
        #expect(full.items.count == 20)
        #expect(full.next == "after 20")
        let last = Page(Array(1...20), limit: limit) { "after \($0)" }
        #expect(last.items.count == 20)
        #expect(last.next == nil)
    }
}

extension String {
    fileprivate func replacingCharacters(at index: Index, with character: Character) -> String {
        String(self[..<index]) + String(character) + String(self[self.index(after: index)...])
    }
}
