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

    @Test("are read in either case and written in lower case")
    func text() throws {
        let text = "01a1faaa-c0f1-7b74-8aaf-22ed015df178"
        #expect(try #require(Identifier<Thing>(text)).description == text)
        #expect(Identifier<Thing>(text.uppercased()) == Identifier<Thing>(text))
    }

    @Test(
        "are refused with a wrong digit, hyphen or length",
        arguments: [
            "01a1faaac-0f1-7b74-8aaf-22ed015df178", "01a1faaa-c0f1-7b74-8aaf-22ed015df17g",
            "01a1faaa-c0f1-7b74-8aaf-22ed015df17", "01a1faaa-c0f1-7b74-8aaf-22ed015df1788", "",
            "01a1faaa_c0f1-7b74-8aaf-22ed015df178", "01a1faaa-c0f1-7b74-8aaf-22ed015df1é",
        ])
    func noText(text: String) { #expect(Identifier<Thing>(text) == nil) }

    @Test("a tenant slug is one word of a routing key", arguments: ["cabinet-alger", "t0001", "a"])
    func slugs(text: String) { #expect(TenantSlug(text)?.description == text) }

    @Test(
        "text that could be more than one word is not a slug",
        arguments: [
            "", "A", "1a", "a.b", "a*", "a#", "a_b", "-a", "a-", "a--b", "é", String(repeating: "a", count: 41),
        ])
    func badSlugs(text: String) { #expect(TenantSlug(text) == nil) }
}
