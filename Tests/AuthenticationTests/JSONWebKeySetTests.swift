import Authentication
import Cryptography
import FoundationEssentials
import Testing

@Suite("A set of JSON Web Keys")
struct JSONWebKeySetTests {
    /// The P-256 key of RFC 7517 appendix A.1 beside an RSA key, an encryption key and a point off the curve.
    private static let published = """
        {"keys": [
          {"kty":"EC","crv":"P-256","use":"sig","kid":"1",
           "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"},
          {"kty":"RSA","n":"AQAB","e":"AQAB","alg":"RS256","kid":"2011-04-29"},
          {"kty":"EC","crv":"P-256","use":"enc","kid":"2",
           "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"},
          {"kty":"EC","crv":"P-256","kid":"3",
           "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyI"}
        ], "note": "ignored"}
        """

    @Test("is read in the form of RFC 7517; unsupported keys are ignored")
    func published() throws {
        let set = try JSONDecoder().decode(JSONWebKeySet.self, from: Data(Self.published.utf8))
        #expect(set.keys.map(\.id) == ["1"])
    }

    @Test("comes back the same after a trip through JSON")
    func roundTrip() throws {
        let set = JSONWebKeySet(
            ["2026-01", "2026-02"].map { VerificationKey(id: $0, key: P256PrivateKey.generate().publicKey) })
        let json = try JSONEncoder().encode(set)
        #expect(try JSONDecoder().decode(JSONWebKeySet.self, from: json) == set)
        let text = String(decoding: json, as: UTF8.self)
        for member in [#""kty":"EC""#, #""crv":"P-256""#, #""use":"sig""#, #""alg":"ES256""#, #""kid":"2026-01""#] {
            #expect(text.contains(member))
        }
        #expect(!text.contains(#""d""#))
    }

    @Test("a single key of another kind is refused")
    func otherKind() {
        let json = #"{"kty":"EC","crv":"P-384","kid":"1","x":"AA","y":"AA"}"#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(VerificationKey.self, from: Data(json.utf8)) }
    }
}
