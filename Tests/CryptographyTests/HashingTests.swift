import Primitives
import Testing

@testable import Cryptography

@Suite("Hashing")
struct HashingTests {
    @Test(
        "SHA-256 agrees with FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func sha256(message: String, digest: String) {
        #expect(SHA256.hexadecimal(Array(message.utf8)) == digest)
    }

    struct Vector: Sendable {
        let key: [UInt8]
        let message: [UInt8]
        let code: String
    }

    @Test(
        "HMAC-SHA-256 agrees with RFC 4231",
        arguments: [
            Vector(
                key: [UInt8](repeating: 0x0B, count: 20), message: Array("Hi There".utf8),
                code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            Vector(
                key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
                code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            Vector(
                key: [UInt8](repeating: 0xAA, count: 20), message: [UInt8](repeating: 0xDD, count: 50),
                code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            Vector(
                key: Array(1...25), message: [UInt8](repeating: 0xCD, count: 50),
                code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
            Vector(
                key: [UInt8](repeating: 0xAA, count: 131),
                message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        ])
    func hmac(vector: Vector) {
        let code = HMAC.sha256(vector.message, key: vector.key)
        let key = HMAC.Key(SecretKey(vector.key))
        // A key authenticates one message after the other.
        #expect(key.authenticate(vector.message) == code)
        #expect(key.authenticate(vector.message + [0]) == HMAC.sha256(vector.message + [0], key: vector.key))
        #expect(key.authenticate(vector.message) == code)
        #expect(BaseEncoding.hexadecimal.encode(code) == vector.code)
    }

    @Test("comparing in constant time finds equals, one changed bit and another length")
    func constantTime() {
        #expect(constantTimeEquals([1, 2, 3], [1, 2, 3]))
        #expect(constantTimeEquals([], []))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2, 2]))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2]))
    }

    @Test("a blind index finds the same value again, and separates keys, tenants, labels and values")
    func blindIndex() throws {
        let index = try BlindIndex(configuration: BaseEncoding.base64.encode(RandomBytes.make(32)))
        let other = try BlindIndex(configuration: BaseEncoding.base64.encode(RandomBytes.make(32)))
        let alger = TenantSlug(stringLiteral: "cabinet-alger")
        let oran = TenantSlug(stringLiteral: "cabinet-oran")
        let phone = "+213555010203"
        let digest = index.digest(of: phone, tenant: alger, label: "patient.phone")
        #expect(digest.count == 32)
        #expect(index.digest(of: phone, tenant: alger, label: "patient.phone") == digest)
        let others = [
            other.digest(of: phone, tenant: alger, label: "patient.phone"),
            index.digest(of: phone, tenant: oran, label: "patient.phone"),
            index.digest(of: phone, tenant: alger, label: "patient.fax"),
            index.digest(of: "e\(phone)", tenant: alger, label: "patient.phon"),
            index.digest(of: "+213555010204", tenant: alger, label: "patient.phone"),
        ]
        #expect(Set(others + [digest]).count == 6)
    }

    @Test("a blind index requires a key of 32 bytes", arguments: ["", "c2hvcnQ=", "not base64"])
    func blindIndexKey(text: String) {
        #expect(throws: KeyTextError.malformedKey(id: "blind-index")) { try BlindIndex(configuration: text) }
    }
}
