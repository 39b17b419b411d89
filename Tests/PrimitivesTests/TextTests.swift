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

    @Test("count characters, not bytes")
    func characters() {
        #expect(OneLine<3>("ééé") != nil)
        #expect(OneLine<3>("éééé") == nil)
    }

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
