import Primitives
import Testing

@testable import Cryptography

@Suite("One-time codes")
struct TOTPTests {
    @Test(
        "agree with RFC 6238 appendix B",
        arguments: [
            (59, "94287082", "46119246", "90693936"), (1_111_111_109, "07081804", "68084774", "25091201"),
            (1_111_111_111, "14050471", "67062674", "99943326"), (1_234_567_890, "89005924", "91819424", "93441116"),
            (2_000_000_000, "69279037", "90698825", "38618901"), (20_000_000_000, "65353130", "77737706", "47863826"),
        ])
    func vectors(seconds: Int64, sha1: String, sha256: String, sha512: String) {
        let digits = Array(String(repeating: "1234567890", count: 7).utf8)
        let instant = Instant(seconds: seconds)
        for (hash, expected) in [(HMAC.Hash.sha1, sha1), (.sha256, sha256), (.sha512, sha512)] {
            let totp = TOTP(secret: Array(digits.prefix(hash.byteCount)), digits: 8, hash: hash)
            #expect(totp.code(at: instant) == expected)
        }
        #expect(TOTP(secret: Array(digits.prefix(20))).code(at: instant) == String(sha1.suffix(6)))
    }

    private let totp = TOTP(secret: Array("12345678901234567890".utf8))
    private let now = Instant(seconds: 1_800_000_000)

    @Test("are accepted one step early or late and no further", arguments: [-2, -1, 0, 1, 2])
    func window(offset: Int64) throws {
        let code = totp.code(at: Instant(seconds: now.seconds + 30 * offset))
        let step = totp.matchingStep(of: code, at: now)
        #expect(step == (abs(offset) <= 1 ? 60_000_000 + offset : nil))
    }

    @Test("serve once, and no earlier code serves after")
    func once() throws {
        let code = totp.code(at: now)
        let step = try #require(totp.matchingStep(of: code, at: now))
        #expect(totp.matchingStep(of: code, at: now, after: step) == nil)
        let earlier = totp.code(at: now - .seconds(30))
        #expect(totp.matchingStep(of: earlier, at: now, after: 60_000_000) == nil)
        let later = now + .seconds(30)
        #expect(totp.matchingStep(of: totp.code(at: later), at: later, after: 60_000_000) == 60_000_001)
    }

    @Test("are six digits, grouped or not, and nothing else")
    func form() {
        let code = totp.code(at: now)
        for wrong in ["", "12345", "1234567", "abcdef", code + "0", "+" + code] {
            #expect(totp.matchingStep(of: wrong, at: now) == nil, "\(wrong)")
        }
        for grouped in [code.prefix(3) + " " + code.suffix(3), code.prefix(3) + "-" + code.suffix(3), " " + code + " "]
        {
            #expect(totp.matchingStep(of: String(grouped), at: now) == 60_000_000, "\(grouped)")
        }
    }

    @Test("are set up in an application by a URI that it can read")
    func enrolment() {
        #expect(
            totp.enrolmentURI(issuer: "Guichet Santé", account: "a+b@exemple.dz")
                == "otpauth://totp/Guichet%20Sant%C3%A9:a%2Bb%40exemple.dz"
                + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Guichet%20Sant%C3%A9"
                + "&algorithm=SHA1&digits=6&period=30")
        #expect(TOTP.newSecret().count == 20)
        #expect(TOTP.newSecret() != TOTP.newSecret())
    }
}
