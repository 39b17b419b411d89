import BookingDomain
import Primitives
import SchedulingTesting
import Testing

@Suite("Patients")
struct PatientTests {
    private let contact = PatientContact(
        name: valid(PatientName("Amina Benali")), phone: valid(PhoneNumber("+213551234567")))

    @Test(
        "a name is 1 to 120 characters on one line, trimmed",
        arguments: [
            (" Amina\u{00A0}", "Amina"), ("Élise d’Aïn-Témouchent", "Élise d’Aïn-Témouchent"), ("أمينة", "أمينة"),
            (String(repeating: "é", count: 120), String(repeating: "é", count: 120)),
            (String(repeating: "a", count: 121), nil), ("", nil), (" \t ", nil), ("a\u{0}b", nil), ("a\u{2028}b", nil),
            ("a\r\nb", nil), ("a\u{7F}", nil),
        ])
    func names(text: String, kept: String?) { #expect(PatientName(text)?.text == kept) }

    @Test(
        "an e-mail address is a dot-atom at a domain",
        arguments: [
            ("a@b.dz", true), ("amina.benali+rdv@cabinet-109.example", true), ("A_b!#$%@x1.y2.fr", true),
            ("a@b", false), ("a@@b.dz", false), ("a.b.dz", false), ("@b.dz", false), ("a@", false), (".a@b.dz", false),
            ("a.@b.dz", false), ("a..b@c.dz", false), ("a b@c.dz", false), ("a@-b.dz", false), ("a@b-.dz", false),
            ("a@b..dz", false), ("a@1.2.3.4", false), ("é@b.dz", false), ("a@b.dz\n", false), ("\"a b\"@c.dz", false),
            (String(repeating: "a", count: 64) + "@b.dz", true), (String(repeating: "a", count: 65) + "@b.dz", false),
            ("a@" + String(repeating: "b", count: 64) + ".dz", false),
            ("a@" + String(repeating: "bbbbbbbbb.", count: 25) + "dz", true),
            ("a@" + String(repeating: "bbbbbbbbb.", count: 25) + "dzz", false),
        ])
    func emails(text: String, isValid: Bool) { #expect((EmailAddress(text)?.text == text) == isValid) }

    @Test("the last answer to each question counts, and a new version is a new answer")
    func consents() throws {
        var patient = Patient(id: Fixture.id(40), identity: .known(contact))
        #expect(!patient.consents(to: .reminders))
        let now = Instant(seconds: 0)
        try patient.record(valid(Consent(.reminders, isGranted: true, version: 1, at: now)))
        try patient.record(valid(Consent(.dataProcessing, isGranted: true, version: 1, at: now)))
        try patient.record(valid(Consent(.reminders, isGranted: false, version: 2, at: now + .seconds(1))))
        #expect(!patient.consents(to: .reminders))
        #expect(patient.consents(to: .dataProcessing))
        #expect(patient.consents.map(\.version) == [1, 1, 2])
        #expect(Consent(.reminders, isGranted: true, version: 0, at: now) == nil)
    }

    @Test("erasure leaves an id, a pseudonym and the consents, once and for all")
    func erasure() throws {
        let consent = valid(Consent(.dataProcessing, isGranted: true, version: 1, at: Instant(seconds: 0)))
        var patient = Patient(id: Fixture.id(40), identity: .known(contact), consents: [consent])
        #expect(patient.displayName == "Amina Benali")
        patient.erase(at: Instant(seconds: 5))
        patient.erase(at: Instant(seconds: 6))
        #expect(patient.identity == .erased(at: Instant(seconds: 5)))
        #expect(patient.displayName == "Patient 000000000028")
        #expect(patient.consents == [consent])
        #expect(throws: BookingError.patientErased) { try patient.requireKnown() }
        #expect(throws: BookingError.patientErased) { try patient.change(contact: contact) }
        #expect(throws: BookingError.patientErased) { try patient.record(consent) }
    }
}
