import BookingDomain
import Primitives
import Testing

@Suite("Phone rules")
struct PhoneRuleTests {
    @Test(
        "an Algerian number is +213, then 5, 6 or 7, then eight digits",
        arguments: [
            ("+213551234567", true), ("+213661234567", true), ("+213771234567", true), ("+213451234567", false),
            ("+213851234567", false), ("+21355123456", false), ("+2135512345678", false), ("213551234567", false),
            ("0551234567", false), ("+213 551234567", false), ("+213551234567\n", false), (" +213551234567", false),
            ("+33612345678", false), ("+21355123456a", false), ("+21355123456٣", false), ("+2135５1234567", false),
            ("+213551234567\u{301}", false), ("", false),
        ])
    func algeria(text: String, isValid: Bool) { #expect((PhoneRule.algeria.number(text)?.text == text) == isValid) }

    @Test(
        "a French number is +33, then 1 to 9, then eight digits",
        arguments: [
            ("+33612345678", true), ("+33112345678", true), ("+33912345678", true), ("+33012345678", false),
            ("+213551234567", false), ("+3361234567", false),
        ])
    func france(text: String, isValid: Bool) { #expect((PhoneRule.france.number(text) != nil) == isValid) }

    @Test("a rule is read from its pattern", arguments: [PhoneRule.algeria, .france])
    func patterns(rule: PhoneRule) { #expect(PhoneRule(pattern: rule.pattern) == rule) }

    @Test(
        "a pattern of another kind, or of more digits than E.164 has, is no rule",
        arguments: [
            "", ".*", #"^\+213[567]\d{8}"#, #"\+213[567]\d{8}$"#, #"^\+213[]\d{8}$"#, #"^\+213[7-5]\d{8}$"#,
            #"^\+0[1]\d{8}$"#, #"^\+213[567]\d{12}$"#, #"^213[567]\d{8}$"#, #"^\+213[567]\d+$"#,
        ])
    func badPatterns(pattern: String) { #expect(PhoneRule(pattern: pattern) == nil) }
}
