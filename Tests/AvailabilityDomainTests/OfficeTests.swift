import AvailabilityDomain
import Primitives
import Testing

@Suite("What a tenant decides about its publication")
struct OfficeTests {
    @Test("a city is one line of 1 to 80 characters")
    func city() {
        for city in ["Béjaïa", "Tizi Ouzou", String(repeating: "é", count: 80)] { #expect(City(city)?.text == city) }
        #expect(City(" Alger ")?.text == "Alger")
        for city in ["", " ", "Al\nger", "Al\u{2028}ger", String(repeating: "é", count: 81)] {
            #expect(City(city) == nil, "\(city)")
        }
    }

    @Test("a telephone is a number in E.164")
    func phone() {
        for phone in ["+213551234567", "+1234567", "+123456789012345"] { #expect(PhoneNumber(phone)?.text == phone) }
        for phone in ["213551234567", "+0551234567", "+123456", "+1234567890123456", "+213 551", "+٢١٣٥٥١٢٣٤٥"] {
            #expect(PhoneNumber(phone) == nil, "\(phone)")
        }
    }

    @Test("an identifier belongs to a system with an https, http or urn address")
    func systems() {
        for system in ["https://sante.exemple.dz/etablissements", "http://a.dz", "urn:oid:1.2.3", "urn:uuid:01a1"] {
            #expect(IdentifierSystem(system)?.text == system)
        }
        for system in [
            "", "sante", "https:", "https://", "javascript:alert(1)", "https://a.dz/<b>", "https://a.dz/\"",
            "https://é.dz",
            "urn:", "https://a.dz/%", "https://a.dz/" + String(repeating: "a", count: 200),
        ] { #expect(IdentifierSystem(system) == nil, "\(system)") }
    }

    @Test("a publication is late after 50 milliseconds at the least and a minute at the most")
    func latency() {
        for limit in [50, 2000, 60_000] { #expect(LatencyLimit(milliseconds: limit)?.milliseconds == limit) }
        for limit in [-1, 0, 49, 60_001] { #expect(LatencyLimit(milliseconds: limit) == nil) }
        #expect(LatencyLimit.standard.duration == .seconds(2))
    }
}
