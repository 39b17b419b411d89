import Authentication
import Cryptography
import EventLoop
import GuichetProtocol
import Primitives
import Testing

@EventLoop
@Suite("Verifying an access token")
struct TokenVerifierTests {
    let fixture = TokenFixture()

    @Test("returns the principal, the first time and from the cache", arguments: Role.allCases)
    func principal(role: Role) throws {
        let verifier = fixture.verifier()
        let issued = try fixture.signer().issue(
            userID: fixture.userID, tenant: fixture.tenant, role: role, sessionID: fixture.sessionID)
        let expected = Principal(
            userID: fixture.userID, tenant: fixture.tenant, role: role, sessionID: fixture.sessionID,
            expiresAt: fixture.clock.now + TokenFixture.lifetime)
        #expect(issued.principal == expected)
        #expect(try verifier.verify(issued.text) == expected)
        #expect(try verifier.verify(issued.text) == expected)
    }

    @Test("returns the scopes of a service account, and ignores those of a later release")
    func scopes() throws {
        let verifier = fixture.verifier()
        let issued = try fixture.serviceToken([.slotsRead])
        #expect(try verifier.verify(issued.text).rights == .scopes([.slotsRead]))
        let claims = fixture.claims("role").dropLast() + ",\"scope\":\"slots:read everything:write\"}"
        #expect(try verifier.verify(fixture.forge(claims: String(claims))).rights == .scopes([.slotsRead]))
    }

    @Test("refuses a token with a role and scopes, and one with neither")
    func rights() {
        for claims in [fixture.claims("scope", "\"slots:read\""), fixture.claims("role")] {
            #expect(throws: TokenError.malformed) { try fixture.verifier().verify(fixture.forge(claims: claims)) }
        }
    }

    @Test("accepts a forged token in which everything is right: the forging of these tests works")
    func forger() throws {
        #expect(try fixture.verifier().verify(fixture.forge(claims: fixture.claims())).userID == fixture.userID)
    }

    @Test("refuses an expired token, cached or not")
    func expired() throws {
        let (remembering, fresh) = (fixture.verifier(), fixture.verifier())
        let token = try fixture.token()
        fixture.clock.advance(by: TokenFixture.lifetime + TokenFixture.leeway - .milliseconds(1))
        _ = try remembering.verify(token)
        fixture.clock.advance(by: .milliseconds(1))
        #expect(throws: TokenError.expired) { try remembering.verify(token) }
        #expect(throws: TokenError.expired) { try fresh.verify(token) }
    }

    @Test("refuses the tokens of a session that has ended, cached or not, and no others")
    func endedSession() throws {
        let (remembering, fresh) = (fixture.verifier(), fixture.verifier())
        let token = try fixture.token()
        _ = try remembering.verify(token)
        for verifier in [remembering, fresh] {
            verifier.refuse([EndedSession(SessionID.new(), endedAt: fixture.clock.now)])
            let principal = try verifier.verify(token)
            verifier.refuse([EndedSession(fixture.sessionID, endedAt: fixture.clock.now)])
            #expect(throws: TokenError.sessionEnded(principal)) { try verifier.verify(token) }
        }
        fixture.clock.advance(by: EndedSession.refusal)
        #expect(throws: TokenError.expired) { try remembering.verify(token) }
        remembering.refuse([])
        #expect(remembering.endedCount == 0)
    }

    @Test("refuses a token before its time, by more than the leeway")
    func notYetValid() throws {
        let token = try fixture.token()
        fixture.clock.advance(by: .zero - TokenFixture.leeway)
        _ = try fixture.verifier().verify(token)
        fixture.clock.advance(by: .milliseconds(-1))
        #expect(throws: TokenError.notYetValid) { try fixture.verifier().verify(token) }
    }

    @Test("refuses another issuer and another audience")
    func strangers() throws {
        let foreign = try fixture.token(from: fixture.signer(issuer: "https://elsewhere.test"))
        #expect(throws: TokenError.wrongIssuer) { try fixture.verifier().verify(foreign) }
        let misdirected = try fixture.token(from: fixture.signer(audience: "guichet-test"))
        #expect(throws: TokenError.wrongAudience) { try fixture.verifier().verify(misdirected) }
    }

    @Test("refuses an unknown key name, and another key under a known name")
    func wrongKey() throws {
        let unknown = try fixture.token(from: fixture.signer(keyID: "k2"))
        #expect(throws: TokenError.unknownKey) { try fixture.verifier().verify(unknown) }
        let impostor = try fixture.token(from: fixture.signer(key: .generate()))
        #expect(throws: TokenError.badSignature) { try fixture.verifier().verify(impostor) }
    }

    @Test("refuses a changed payload and a changed signature, even of a cached token")
    func tampered() throws {
        let verifier = fixture.verifier()
        let token = try fixture.token()
        _ = try verifier.verify(token)
        let parts = token.split(separator: ".")
        let promoted = BaseEncoding.base64URL.encode(Array(fixture.claims("role", #""super_admin""#).utf8))
        #expect(throws: TokenError.badSignature) { try verifier.verify("\(parts[0]).\(promoted).\(parts[2])") }
        let last = parts[2].hasPrefix("A") ? "B" : "A"
        #expect(throws: TokenError.badSignature) {
            try verifier.verify("\(parts[0]).\(parts[1]).\(last)\(parts[2].dropFirst())")
        }
    }

    @Test("refuses every algorithm except ES256, with any signature")
    func algorithms() throws {
        let publicKey = fixture.key.publicKey
        func refuses(_ header: String, _ signature: (([UInt8]) -> [UInt8])? = nil) {
            let token = fixture.forge(header: header, claims: fixture.claims(), signature: signature)
            #expect(throws: TokenError.malformed) { try fixture.verifier().verify(token) }
        }
        refuses(#"{"alg":"none","typ":"at+jwt","kid":"k1"}"#) { _ in [] }
        refuses(#"{"alg":"HS256","typ":"at+jwt","kid":"k1"}"#) { HMAC.sha256($0, key: publicKey.x + publicKey.y) }
        refuses(#"{"alg":"es256","typ":"at+jwt","kid":"k1"}"#)
        refuses(#"{"alg":"ES256","typ":"JWT","kid":"k1"}"#)
        refuses(#"{"alg":"ES256","typ":"at+jwt"}"#)
        refuses(#"{"alg":"ES256","typ":"at+jwt","kid":"k1","crit":["exp"]}"#)
    }

    @Test(
        "refuses claims that are missing, of the wrong type or senseless, though the signature is good",
        arguments: [
            ("role", #""root""#), ("role", nil), ("tenant", #""../x""#), ("sub", #""42""#), ("sid", nil),
            ("exp", nil), ("exp", #""1800000600""#), ("exp", "1800000901"), ("exp", "1800000000"),
            ("exp", "9223372036854775807"), ("iat", "-9223372036854775808"), ("nbf", nil), ("aud", #"["guichet"]"#),
            ("jti", "null"),
        ] as [(String, String?)])
    func senseless(name: String, value: String?) throws {
        let token = fixture.forge(claims: fixture.claims(name, value))
        #expect(throws: TokenError.malformed) { try fixture.verifier().verify(token) }
    }

    @Test("refuses garbage", arguments: ["", ".", "..", "...", "a.b.c", "Bearer x.y.z", "é.é.é", "{}.{}.{}"])
    func garbage(token: String) {
        #expect(throws: TokenError.malformed) { try fixture.verifier().verify(token) }
    }

    @Test("refuses a good token in any other spelling")
    func spelling() throws {
        let token = try fixture.token()
        for other in ["\(token)=", " \(token)", "\(token)\n", "\(token).", "Bearer \(token)"] {
            #expect(throws: TokenError.malformed) { try fixture.verifier().verify(other) }
        }
    }

    @Test("refuses a token over 2,048 bytes, though the signature is good")
    func oversized() throws {
        let padding = String(repeating: "x", count: 1200)
        let claims = String(fixture.claims().dropLast()) + #","padding":"\#(padding)"}"#
        let token = fixture.forge(claims: claims)
        #expect(token.utf8.count > 2048)
        #expect(throws: TokenError.malformed) { try fixture.verifier().verify(token) }
    }

    @Test("follows its keys: tokens of a removed key are refused, tokens of an added one accepted")
    func rotation() throws {
        let verifier = fixture.verifier()
        let next = fixture.signer(keyID: "k2", key: .generate())
        let (old, new) = (try fixture.token(), try fixture.token(from: next))
        _ = try verifier.verify(old)
        verifier.setKeys([fixture.signer().verificationKey, next.verificationKey])
        _ = try verifier.verify(old)
        _ = try verifier.verify(new)
        verifier.setKeys([next.verificationKey])
        #expect(throws: TokenError.unknownKey) { try verifier.verify(old) }
        _ = try verifier.verify(new)
        verifier.setKeys([])
        #expect(throws: TokenError.unknownKey) { try verifier.verify(new) }
    }
}
