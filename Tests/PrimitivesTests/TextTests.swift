import Primitives
import Testing

@Suite("Texts that people type")
struct TextTests {
    @Test(
        "are one line, trimmed, of 1 to so many characters",
        arguments: [
            (" Amina  Kaci\t", "Amina  Kaci"), ("é", "é"), ("123456789012", "123456789012"), ("1234567890123", nil),
            ("", nil),
            (" \u{3000} ", nil), ("a\nb", nil), ("a\u{2028}b", nil), ("a\u{0}b", nil),
        ])
    func oneLine(text: String, kept: String?) { #expect(OneLine<12>(text)?.text == kept) }

    @Test("count Unicode scalars, as JSON Schema and PostgreSQL do, so their bytes are bounded, too")
    func scalars() {
        #expect(OneLine<3>("ééé") != nil)
        #expect(OneLine<3>("éééé") == nil)
        #expect(OneLine<3>("e\u{301}e\u{301}") == nil)
        #expect(OneLine<120>("a" + String(repeating: "\u{301}", count: 119)) != nil)
        #expect(OneLine<120>("a" + String(repeating: "\u{301}", count: 120)) == nil)
        #expect(OneLine<120>(String(repeating: "👩‍👩‍👧‍👦", count: 18)) == nil)
        #expect(OneLine<120>(String(repeating: "مُحَمَّدٌ", count: 13))?.text.utf8.count == 234)
    }

    @Test(
        "have no characters that cannot be seen or that turn the text",
        arguments: [
            "\u{200B}", "\u{200D}", "\u{202E}", "\u{2066}", "\u{FEFF}", "\u{AD}", "\u{61C}", "\u{200F}", "\u{3164}",
            "\u{2800}", "\u{E0041}", "\u{34F}", "\u{180E}", "\u{FE0F}",
        ])
    func invisible(character: String) {
        for text in [
            character, "Amina\(character)", "\(character)Amina", "Ami\(character)na", "a\(character)\(character)b",
        ] {
            #expect(OneLine<40>(text) == nil, "\(text.unicodeScalars.map(\.value))")
        }
    }

    @Test("have joiners where writing needs them", arguments: ["می‌خواهم", "क्‍ष", "👩‍⚕️", "❤️ Cœur"])
    func joiners(text: String) { #expect(OneLine<40>(text)?.text == text) }

    @Test("that are marks alone are nothing to see", arguments: ["\u{301}", " \u{301}\u{302} "])
    func marks(text: String) { #expect(OneLine<40>(text) == nil) }

    @Test(
        "are e-mail addresses in the dot-atom form",
        arguments: [
            "a@b.fr", "amel.k+rdv@clinique-alger.example", "A@B.FR", String(repeating: "a", count: 64) + "@b.fr",
        ])
    func emails(text: String) { #expect(EmailAddress(text)?.text == text) }

    @Test(
        "are not e-mail addresses",
        arguments: [
            "", "a", "a@b", "a@@b.fr", "a@b..fr", ".a@b.fr", "a.@b.fr", "a b@c.fr", "a@-b.fr", "a@b.1", "é@b.fr",
            "\"a\"@b.fr", "a@[127.0.0.1]", String(repeating: "a", count: 65) + "@b.fr",
        ])
    func noEmails(text: String) { #expect(EmailAddress(text) == nil) }

    @Test("are the same address whatever the case")
    func caseOfEmails() {
        #expect(EmailAddress("Amel@Clinique.example") == EmailAddress("amel@clinique.EXAMPLE"))
        #expect(Set([EmailAddress("A@b.fr"), EmailAddress("a@B.fr")]).count == 1)
        #expect(EmailAddress("A@b.fr")?.normalized == "a@b.fr")
    }

    @Test(
        "are telephone numbers in E.164",
        arguments: [
            ("+213551234567", true), ("+1234567", true), ("+123456789012345", true), ("+1234567890123456", false),
            ("+123456", false), ("+0123456789", false), ("213551234567", false), ("+21355123456a", false), ("", false),
            ("+٢١٣٥٥١٢٣٤٥٦٧", false),
        ])
    func phones(text: String, isValid: Bool) { #expect((PhoneNumber(text)?.text == text) == isValid) }
}
