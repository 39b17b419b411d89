import BookingDomain
import Primitives
import Testing

@Suite("Telephone numbers of strict requests")
struct PhoneRuleTests {
    @Test(
        "in Algeria are +213, then 5, 6 or 7, then eight digits, character for character",
        arguments: [
            ("+213551234567", true), ("+213661234567", true), ("+213771234567", true), ("+213451234567", false),
            ("+213851234567", false), ("+21355123456", false), ("+2135512345678", false), ("213551234567", false),
            ("0551234567", false), ("+213 551234567", false), ("+213551234567\n", false), (" +213551234567", false),
            ("+33612345678", false), ("+21355123456a", false), ("+21355123456٣", false), ("+2135５1234567", false),
            ("+213551234567\u{301}", false), ("", false),
        ])
    func algeria(text: String, isValid: Bool) {
        #expect((PhoneRule.of(country: "DZ").number(text)?.text == text) == isValid)
    }

    @Test(
        "elsewhere are any number of E.164", arguments: ["MA", "FR", "TN"],
        [("+212612345678", true), ("+33612345678", true), ("+213551234567", true), ("0612345678", false)])
    func elsewhere(country: String, number: (text: String, isValid: Bool)) {
        #expect((PhoneRule.of(country: country).number(number.text) != nil) == number.isValid)
    }
}
