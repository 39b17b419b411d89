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

private func faults(_ pairs: [(name: String, value: String)]) -> [String] {
    do {
        _ = try StrictJSON.decode(Search.self, fromQuery: pairs)
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
}
