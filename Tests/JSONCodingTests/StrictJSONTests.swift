import FoundationEssentials
import JSONCoding
import Primitives
import Testing

private enum Booking {}

private enum Channel: String, Codable, CaseIterable { case web, phone }

private struct Patient: Codable, Equatable {
    let name: String
    let phone: String?
}

private struct BookingRequest: Codable, Equatable {
    let id: Identifier<Booking>
    let start: Instant
    let minutes: UInt8
    let channel: Channel
    let patient: Patient
    let tags: [String]?
    let prices: [String: Int]?
}

private let id = "0193a5c0-0000-7000-8000-000000000001"

private func faults(_ json: String) -> [String] {
    do {
        _ = try StrictJSON.decode(BookingRequest.self, from: Array(json.utf8))
        return []
    } catch let invalid as InvalidInput {
        return invalid.faults.map { "\($0.pointer): \($0.detail)" }
    } catch {
        return ["unexpected \(error)"]
    }
}

@Suite("Decoding a JSON document strictly")
struct StrictJSONTests {
    private let document =
        #"{"id":"\#(id)","start":"2026-11-20T09:30:00+01:00","minutes":30,"channel":"web","patient":{"name":"Amel"}}"#

    @Test("a valid document becomes its value")
    func valid() throws {
        let request = try StrictJSON.decode(BookingRequest.self, from: Array(document.utf8))
        #expect(request.minutes == 30)
        #expect(request.start.description == "2026-11-20T08:30:00Z")
        #expect(request.patient == Patient(name: "Amel", phone: nil))
    }

    @Test("an encoded value is decoded again")
    func roundTrip() throws {
        let request = try StrictJSON.decode(BookingRequest.self, from: Array(document.utf8))
        let bytes = try JSONOutput.encode(request)
        #expect(try StrictJSON.decode(BookingRequest.self, from: bytes) == request)
    }

    @Test("an optional field may be null or missing")
    func optionalField() throws {
        let patient = try StrictJSON.decode(Patient.self, from: Array(#"{"name":"A","phone":null}"#.utf8))
        #expect(patient.phone == nil)
    }

    @Test("all faults of a document are reported together, each with its pointer")
    func manyFaults() {
        let json = #"""
            {"id":"x","start":"2026-02-30T09:30:00Z","minutes":300,"channel":"fax","patient":{"name":null,"age":3},
             "tags":["a",1],"prices":{"a/b":"c"},"role~":"admin"}
            """#
        #expect(
            faults(json) == [
                "/id: identifiant UUID attendu",
                "/start: date ISO 8601 avec décalage attendue, par exemple 2026-11-20T09:30:00+01:00",
                "/minutes: nombre entier de 0 à 255 attendu",
                "/channel: valeur attendue parmi : web, phone",
                "/patient/name: valeur obligatoire : null n’est pas accepté",
                "/patient/age: champ inconnu",
                "/tags/1: texte attendu",
                "/prices/a~1b: nombre entier de -9223372036854775808 à 9223372036854775807 attendu",
                "/role~0: champ inconnu",
            ])
    }

    @Test("missing fields are named, nested ones included")
    func missingFields() {
        #expect(
            faults(#"{"id":"\#(id)","start":"2026-11-20T09:30:00Z"}"#) == [
                "/minutes: champ obligatoire manquant",
                "/channel: champ obligatoire manquant",
                "/patient: champ obligatoire manquant",
            ])
    }

    @Test(
        "text that is not a JSON document is refused with a sentence",
        arguments: [
            ("", ": document JSON attendu"),
            ("{", ": document JSON incomplet"),
            ("{\"a\":1,\"a\":2}", ": champ en double (ligne 1, colonne 10)"),
            ("{\"a\":1}}", ": document JSON mal formé (ligne 1, colonne 8)"),
            ("{'a':1}", ": document JSON mal formé (ligne 1, colonne 2)"),
            ("{\"a\":\"\\u0000\"}", ": caractère U+0000 interdit (ligne 1, colonne 13)"),
            ("{\"a\":99999999999999999999}", ": nombre hors des limites (ligne 1, colonne 25)"),
            ("[1,2]", ": objet attendu"),
            ("null", ": valeur obligatoire : null n’est pas accepté"),
        ])
    func malformed(json: String, expected: String) {
        #expect(faults(json) == [expected])
    }

    @Test("invalid UTF-8 is refused")
    func invalidText() {
        let bytes: [UInt8] = Array("{\"name\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)
        #expect(throws: InvalidInput.self) { try StrictJSON.decode(Patient.self, from: bytes) }
    }

    @Test("nesting beyond any type's depth is refused without exhausting the stack")
    func depth() {
        let deep = Array(String(repeating: "[", count: 500_000).utf8)
        #expect(throws: InvalidInput.self) { try StrictJSON.decode(Patient.self, from: deep) }
    }

    @Test("random bytes are refused, never trapped on")
    func randomBytes() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            #expect(throws: InvalidInput.self) { try StrictJSON.decode(BookingRequest.self, from: bytes) }
        }
    }

    @Test("mutations of a valid document are decoded or refused, never trapped on")
    func mutations() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var bytes = Array(document.utf8)
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 32...126, using: &generator)
            do { _ = try StrictJSON.decode(BookingRequest.self, from: bytes) } catch { #expect(error is InvalidInput) }
        }
    }

    @Test("a whole number written with a fraction of zero is whole; others are not")
    func fractions() throws {
        #expect(try StrictJSON.decode([Int].self, from: Array("[5.0, 1e2]".utf8)) == [5, 100])
        #expect(throws: InvalidInput.self) { try StrictJSON.decode([Int].self, from: Array("[5.5]".utf8)) }
    }

    @Test("faults beyond the limit are not collected")
    func faultLimit() {
        let json = "[" + Array(repeating: "1", count: 100).joined(separator: ",") + "]"
        let error = #expect(throws: InvalidInput.self) { try StrictJSON.decode([String].self, from: Array(json.utf8)) }
        #expect(error?.faults.count == InvalidInput.maximumFaults)
    }
}
