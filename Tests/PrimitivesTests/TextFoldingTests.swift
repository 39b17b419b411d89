import Primitives
import Testing

@Suite("Writings of one text")
struct TextFoldingTests {
    @Test(
        "have the same letters",
        arguments: [
            "Ame\u{301}lie Be\u{301}jai\u{308}a", "AMÉLIE BÉJAÏA", "  amélie   béjaïa ", "Amélie\u{A0}Béjaïa",
            "Amélie\u{2003}\u{202F}Béjaïa", "Ami\u{8}élie Béjaïa".replacing("Ami\u{8}", with: "Am"),
            "Am\u{200B}élie Béjaïa\u{FEFF}",
        ])
    func sameLetters(text: String) {
        #expect(TextFolding.sameLetters(text) == TextFolding.sameLetters("Amélie Béjaïa"))
    }

    @Test(
        "differ by letters, accents and hyphens",
        arguments: ["Amelie Béjaïa", "Amélie-Béjaïa", "AmélieBéjaïa", "Amélie"])
    func others(text: String) {
        #expect(TextFolding.sameLetters(text) != TextFolding.sameLetters("Amélie Béjaïa"))
    }

    @Test("have the same apostrophe and hyphen, whichever was typed")
    func punctuation() {
        #expect(TextFolding.sameLetters("N’Diaye Ben‐Ali") == TextFolding.sameLetters("N'Diaye Ben-Ali"))
    }

    @Test(
        "have the same words without accents and hyphens",
        arguments: [
            ("Saint-Étienne", ["saint", "etienne"]), ("saint etienne", ["saint", "etienne"]),
            ("L’Haÿ-les-Roses", ["l", "hay", "les", "roses"]), ("Œuvre", ["oeuvre"]), ("مُحَمَّد", ["محمد"]), ("—", []),
        ])
    func words(text: String, words: [String]) { #expect(TextFolding.words(text) == words) }
}
