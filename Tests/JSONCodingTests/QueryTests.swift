import JSONCoding
import Primitives
import Testing

private struct Search: Codable, Equatable {
    let from: Instant
    let limit: Int?
    let urgent: Bool?
    let text: String?
    let ratio: Double?
}

private struct Window: Codable, Equatable {
    let start: [Instant]
    let limits: [Int]?
}

private func faults(_ pairs: [(name: String, value: String)], of type: (some Decodable).Type = Search.self) -> [String]
{
    do {
        _ = try StrictJSON.decode(type, fromQuery: pairs)
        return []
    } catch let invalid as InvalidInput {
        return invalid.faults.map { "\($0.pointer): \($0.detail)" }
    } catch {
        return ["unexpected \(error)"]
    }
}

@Suite("Decoding a query string strictly")
struct QueryTests {
    @Test("numbers, booleans and instants are read from their text")
    func values() throws {
        let search = try StrictJSON.decode(
            Search.self,
            fromQuery: [
                ("from", "2026-11-20T08:30:00Z"), ("limit", "5"), ("urgent", "true"), ("text", "12"), ("ratio", "0.5"),
            ]
        )
        #expect(search.limit == 5)
        #expect(search.urgent == true)
        #expect(search.text == "12")
        #expect(search.ratio == 0.5)
    }

    @Test(
        "numbers in other spellings are refused",
        arguments: ["+5", "5.0", " 5", "0x10", "", "99999999999999999999", "cinq"])
    func numbers(text: String) {
        #expect(
            faults([("from", "2026-11-20T08:30:00Z"), ("limit", text)]) == [
                "/limit: nombre entier de \(Int.min) à \(Int.max) attendu"
            ])
    }

    @Test("unknown, repeated and missing parameters are refused")
    func names() {
        let from = (name: "from", value: "2026-11-20T08:30:00Z")
        #expect(faults([from, ("role", "admin")]) == ["/role: paramètre inconnu"])
        #expect(faults([from, from]) == ["/from: paramètre répété"])
        #expect(faults([]) == ["/from: paramètre obligatoire manquant"])
        #expect(faults([from, ("ratio", "nan")]) == ["/ratio: nombre attendu"])
    }

    @Test(
        "where only a plus can have been meant, a blank is one",
        arguments: [
            ("2026-11-20T09:30:00 01:00", Instant(seconds: 1_795_163_400)),
            ("2026-11-20T09:30:00.0000000 01:00", Instant(seconds: 1_795_163_400)),
            ("2026-11-20 09:30:00+01:00", nil),
        ])
    func plus(text: String, instant: Instant?) throws {
        #expect(faults([("from", text)]).isEmpty == (instant != nil))
        if let instant {
            #expect(try StrictJSON.decode(Search.self, fromQuery: [("from", text)]).from == instant)
        }
        #expect(throws: InvalidInput.self) {
            _ = try StrictJSON.decode(Search.self, from: Array(#"{"from": "2026-11-20T09:30:00 01:00"}"#.utf8))
        }
        let words = try StrictJSON.decode(
            Search.self, fromQuery: [("from", "2026-11-20T09:30:00Z"), ("text", "El Achour")])
        #expect(words.text == "El Achour")
    }

    private struct Contact: Codable {
        let phone: TypedPhone
        let number: PhoneNumber?
        let email: EmailAddress?
    }

    @Test("a blank before a number, or in an address, is a plus")
    func leadingPlus() throws {
        let contact = try StrictJSON.decode(
            Contact.self,
            fromQuery: [("phone", " 213550000001"), ("number", " 213550000001"), ("email", "a b@c.fr")])
        #expect(contact.phone.text == "+213550000001" && contact.number?.text == "+213550000001")
        #expect(contact.email?.text == "a+b@c.fr")
        let national = try StrictJSON.decode(Contact.self, fromQuery: [("phone", " 0550 12 34 56")])
        #expect(national.phone.text == " 0550 12 34 56")
    }

    @Test("a list takes every pair of its name, in order")
    func lists() throws {
        let morning = (name: "start", value: "2026-11-20T08:30:00Z")
        let evening = (name: "start", value: "2026-11-20T17:30:00+01:00")
        let one = try StrictJSON.decode(Window.self, fromQuery: [morning])
        #expect(one == Window(start: [Instant(seconds: 1_795_163_400)], limits: nil))
        let several = try StrictJSON.decode(
            Window.self, fromQuery: [evening, ("limits", "3"), morning, ("limits", "5"), ("limits", "4")])
        #expect(several.start == [Instant(seconds: 1_795_192_200), Instant(seconds: 1_795_163_400)])
        #expect(several.limits == [3, 5, 4])
    }

    @Test("a fault of one pair names the parameter")
    func faultsOfLists() {
        let right = (name: "start", value: "2026-11-20T08:30:00Z")
        #expect(faults([], of: Window.self) == ["/start: paramètre obligatoire manquant"])
        #expect(
            faults([right, ("limits", "1"), ("limits", "deux")], of: Window.self) == [
                "/limits: nombre entier de \(Int.min) à \(Int.max) attendu"
            ])
        #expect(faults([right, ("role", "a"), ("role", "b")], of: Window.self) == ["/role: paramètre inconnu"])
        #expect(
            faults([("from", "2026-11-20T08:30:00Z"), ("limit", "5"), ("limit", "5"), ("limit", "5")]) == [
                "/limit: paramètre répété"
            ])
    }
}
