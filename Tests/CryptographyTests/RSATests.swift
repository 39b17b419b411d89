import Cryptography
import Testing

@Suite("RSA signatures")
struct RSATests {
    /// The key of RFC 7515 appendix A.2.
    private static let publishedKey = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAofgWCuLjybRlzo0tZWJj
        NiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEz
        P1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo
        9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTB
        EMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxX
        FvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp
        oQIDAQAB
        -----END PUBLIC KEY-----

        """
    private static let publishedMessage =
        "eyJhbGciOiJSUzI1NiJ9."
        + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    private static let publishedSignature =
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O"
        + "8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARN"
        + "PvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ"
        + "1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"

    @Test("verify the example of RFC 7515 appendix A.2, and not another message")
    func published() throws {
        let key = try RSAPublicKey(pem: Self.publishedKey)
        let signature = try #require(BaseEncoding.base64URL.decode(Self.publishedSignature))
        #expect(key.isValid(signature: signature, for: Array(Self.publishedMessage.utf8)))
        #expect(!key.isValid(signature: signature, for: Array((Self.publishedMessage + "x").utf8)))
        #expect(key.pem == Self.publishedKey)
    }

    @Test("are the same each time, and survive a trip of the keys through PEM")
    func roundTrip() throws {
        let key = RSAPrivateKey.generate(bits: 2048)
        let signature = key.sign(Array("clôture".utf8))
        #expect(signature.count == 256)
        #expect(try RSAPrivateKey(pem: key.pem).sign(Array("clôture".utf8)) == signature)
        let publicKey = try RSAPublicKey(pem: key.publicKey.pem)
        #expect(publicKey.isValid(signature: signature, for: Array("clôture".utf8)))
        #expect(!publicKey.isValid(signature: Array(signature.dropLast()), for: Array("clôture".utf8)))
        #expect(!publicKey.isValid(signature: [], for: Array("clôture".utf8)))
    }

    @Test("refuse keys that are not RSA")
    func wrongKeys() {
        #expect(throws: KeyError.wrongKind) { try RSAPrivateKey(pem: P256PrivateKey.generate().pem) }
        #expect(throws: KeyError.unreadable) { try RSAPrivateKey(pem: Self.publishedKey) }
        #expect(throws: KeyError.unreadable) { try RSAPublicKey(pem: "") }
    }
}
