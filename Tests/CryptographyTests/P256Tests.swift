import Cryptography
import Testing

@Suite("ECDSA signatures on P-256")
struct P256Tests {
    /// The key, message and signature of RFC 7515 appendix A.3.
    private static let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
    private static let y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    private static let message =
        "eyJhbGciOiJFUzI1NiJ9."
        + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    private static let signature =
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"

    @Test("verify the example of RFC 7515 appendix A.3, and no altered bit of it")
    func published() throws {
        let key = try P256PublicKey(x: try decode(Self.x), y: try decode(Self.y))
        let (message, signature) = (Array(Self.message.utf8), try decode(Self.signature))
        #expect(key.isValid(signature: signature, for: message))
        for bit in 0..<signature.count * 8 {
            var altered = signature
            altered[bit / 8] ^= 1 << (bit % 8)
            #expect(!key.isValid(signature: altered, for: message))
        }
        #expect(!key.isValid(signature: signature, for: message + [0]))
    }

    @Test("are 64 bytes whatever r and s, and hold for the key that made them only")
    func roundTrip() {
        let (key, other) = (P256PrivateKey.generate(), P256PrivateKey.generate())
        // One signature in 128 has a number that starts with a zero byte.
        for index in 0..<UInt16(600) {
            let message = [UInt8(index >> 8), UInt8(index & 0xFF)]
            let signature = key.sign(message)
            #expect(signature.count == 64)
            #expect(key.publicKey.isValid(signature: signature, for: message))
            #expect(!other.publicKey.isValid(signature: signature, for: message))
        }
    }

    @Test("refuse anything that is not two numbers of 32 bytes", arguments: [0, 1, 63, 65, 70, 1000])
    func wrongLength(count: Int) {
        let key = P256PrivateKey.generate().publicKey
        #expect(!key.isValid(signature: [UInt8](repeating: 1, count: count), for: [1]))
        #expect(!key.isValid(signature: [UInt8](repeating: 0, count: 64), for: [1]))
    }

    @Test("survive a trip of the private key through PEM, and of the public one through its coordinates")
    func forms() throws {
        let key = P256PrivateKey.generate()
        let read = try P256PrivateKey(pem: key.pem)
        #expect(read.publicKey == key.publicKey)
        let publicKey = try P256PublicKey(x: key.publicKey.x, y: key.publicKey.y)
        #expect(publicKey.isValid(signature: read.sign([1, 2]), for: [1, 2]))
    }

    @Test("refuse points off the curve, short coordinates, other keys and garbage")
    func wrongKeys() throws {
        var y = try decode(Self.y)
        y[31] ^= 1
        #expect(throws: KeyError.notOnCurve) { try P256PublicKey(x: try decode(Self.x), y: y) }
        #expect(throws: KeyError.notOnCurve) { try P256PublicKey(x: [1], y: [2]) }
        #expect(throws: KeyError.wrongKind) { try P256PrivateKey(pem: RSAPrivateKey.generate(bits: 2048).pem) }
        #expect(throws: KeyError.unreadable) { try P256PrivateKey(pem: "-----BEGIN PRIVATE KEY-----") }
    }

    @Test("refuse a key behind a passphrase instead of asking for one, and a key on another curve")
    func foreignKeys() {
        #expect(throws: KeyError.unreadable) { try P256PrivateKey(pem: Self.encryptedKey) }
        #expect(throws: KeyError.wrongKind) { try P256PrivateKey(pem: Self.secp384Key) }
    }

    private func decode(_ text: String) throws -> [UInt8] { try #require(BaseEncoding.base64URL.decode(text)) }

    // Made by the openssl command for this test alone.
    private static let encryptedKey = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi2EhpPbglxpAICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEKeREcykmgkMnA/6mxtb+bkEgZDH
        vuyn8Y4vmimA1vWDO2gHVrjRN0u7IJnzG+15+wAB/3d/X1+jhOlfRSXz21UfS1zx
        zxKhAH8fNjwwkv0GHgrE5i8k5TlvGugzBjDVr6YEJYtb/PO7yDZGljFvXE6hTEvN
        wUHtusJHm5eETR0nlpuXd+NEoQ2bsjnMLytta2mwawq0NVOKzfcbFUDfmeWYmAE=
        -----END ENCRYPTED PRIVATE KEY-----
        """
    private static let secp384Key = """
        -----BEGIN PRIVATE KEY-----
        MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDAGk2nZj0k5WzcdBhWe
        tkkZ6t22Qem7mONbVXLhrzO/KGHe2po4ZrqodoTzOEiberehZANiAAQaTsJk2dOg
        wOg81GECRE+xeoCUqksD7WL/oHRIV0RgUtbcjlFA5xHV4+Ti/rwCLTXpvmlRlRqk
        od2COg7G6zEejZG0x0JdYIG1fI23zm5OxJZwxClLaNmONyPDCEa7Z6g=
        -----END PRIVATE KEY-----
        """
}
