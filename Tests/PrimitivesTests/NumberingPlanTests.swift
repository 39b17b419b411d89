import Primitives
import Testing

@Suite("Telephone numbers as people type them")
struct NumberingPlanTests {
    private static let algerian = "+213550123456"

    @Test(
        "are read in every writing",
        arguments: [
            "0550123456", "0550 12 34 56", "05.50.12.34.56", "0550-12-34-56", "(0550) 12 34 56", "+213550123456",
            "+213 550 12 34 56", "00213550123456", "00 213 (0) 550 12 34 56", "213550123456", "550123456",
            "٠٥٥٠١٢٣٤٥٦", "۰۵۵۰ ۱۲ ۳۴ ۵۶", "０５５０１２３４５６", "\u{202A}+213 550 12 34 56\u{202C}",
            "0550\u{A0}12\u{202F}34 56",
            "+2130550123456", "0550–12–34–56",
        ])
    func writings(text: String) {
        #expect(NumberingPlan.of(country: "DZ").number(typed: text)?.text == Self.algerian)
    }

    @Test(
        "are those of the country, and any of other countries",
        arguments: [
            ("DZ", "021 23 45 67", "+21321234567"), ("MA", "06 12 34 56 78", "+212612345678"),
            ("MA", "+212612345678", "+212612345678"), ("MA", "+213 550 12 34 56", "+213550123456"),
            ("FR", "06 12 34 56 78", "+33612345678"), ("FR", "+33 (0)1 23 45 67 89", "+33123456789"),
            ("DZ", "+33 (0)6 12 34 56 78", "+33612345678"), ("TN", "20 123 456", "+21620123456"),
            ("CI", "07 01 02 03 04", "+2250701020304"), ("US", "(212) 555-0123", "+12125550123"),
            ("US", "011 33 6 12 34 56 78", "+33612345678"), ("IT", "06 1234567", "+39061234567"),
            ("GB", "020 7946 0018", "+442079460018"), ("XX", "+213550123456", "+213550123456"),
        ])
    func countries(country: String, text: String, number: String) {
        #expect(NumberingPlan.of(country: country).number(typed: text)?.text == number)
    }

    @Test(
        "are refused if they are no number of the country",
        arguments: [
            "", "055012345", "05501234567", "+21355012345", "0450 12 34 56", "hier", "0550 12 34 5a", "+", "00",
            "0550+123456", "+213 450 12 34 56", "12", "+1234567890123456", String(repeating: "1", count: 65),
        ])
    func refused(text: String) { #expect(NumberingPlan.of(country: "DZ").number(typed: text) == nil) }

    @Test("in national writing are refused where the country is not known")
    func unknown() { #expect(NumberingPlan.of(country: "XX").number(typed: "0550123456") == nil) }

    @Test("of each country of the list are read in international writing")
    func list() {
        for country in ["DZ", "MA", "TN", "FR", "BE", "CH", "CA", "SN", "CI", "LB", "EG", "QA", "RU", "HU", "AE"] {
            #expect(NumberingPlan.of(country: country) != NumberingPlan.of(country: "XX"), "\(country)")
        }
    }
}
