import Primitives
import Testing

private enum Thing {}

@Suite("Identifiers and slugs")
struct IdentifierTests {
    @Test("carry version 7, the variant and their time, and sort by it")
    func version7() {
        let early = Identifier<Thing>.new(at: Instant(seconds: 1_700_000_000))
        let late = Identifier<Thing>.new(at: Instant(seconds: 1_700_000_001))
        let text = early.description
        #expect(text.count == 36)
        #expect(Array(text)[14] == "7")
        #expect("89ab".contains(Array(text)[19]))
        #expect(early < late)
        #expect(Identifier<Thing>(text) == early)
        #expect(Identifier<Thing>("not an id") == nil)
    }

    @Test("a tenant slug is one word of a routing key", arguments: ["cabinet-alger", "t0001", "a"])
    func slugs(text: String) { #expect(TenantSlug(text)?.description == text) }

    @Test(
        "anything that could leave its word is no slug",
        arguments: [
            "", "A", "1a", "a.b", "a*", "a#", "a_b", "-a", "a-", "a--b", "é", String(repeating: "a", count: 41),
        ])
    func badSlugs(text: String) { #expect(TenantSlug(text) == nil) }
}
