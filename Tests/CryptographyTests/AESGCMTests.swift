import Testing

@testable import Cryptography

@Suite("AES-256-GCM")
struct AESGCMTests {
    /// Test cases 13, 14 and 16 of McGrew and Viega, "The Galois/Counter Mode of Operation", in hexadecimal.
    struct Vector: Sendable {
        var key = String(repeating: "00", count: 32)
        var nonce = String(repeating: "00", count: 12)
        var data = ""
        var plaintext = ""
        let sealed: String
    }

    @Test(
        "agrees with its authors' test cases",
        arguments: [
            Vector(sealed: "530f8afbc74536b9a963b4f1c4cb738b"),
            Vector(
                plaintext: String(repeating: "00", count: 16),
                sealed: "cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919"),
            Vector(
                key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
                nonce: "cafebabefacedbaddecaf888", data: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                plaintext: "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                    + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
                sealed: "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                    + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                    + "76fc6ece0f4e1768cddf8853bb2d551b"),
        ])
    func vectors(vector: Vector) throws {
        let key = SecretKey(try bytes(vector.key))
        let (nonce, data) = (try bytes(vector.nonce), try bytes(vector.data))
        let plaintext = try bytes(vector.plaintext)
        let sealed = AESGCM.seal(plaintext, key: key, nonce: nonce, authenticating: data)
        #expect(BaseEncoding.hexadecimal.encode(sealed) == vector.sealed)
        #expect(AESGCM.open(sealed[...], key: key, nonce: nonce, authenticating: data) == plaintext)
    }

    @Test("opens nothing that is shorter than a tag, or made with another nonce")
    func refusals() {
        let key = SecretKey(RandomBytes.make(32))
        let sealed = AESGCM.seal([1, 2, 3], key: key, nonce: Array(0..<12), authenticating: [9])
        #expect(AESGCM.open(sealed[...], key: key, nonce: Array(0..<12), authenticating: [9]) == [1, 2, 3])
        #expect(AESGCM.open(sealed[...], key: key, nonce: Array(1..<13), authenticating: [9]) == nil)
        #expect(AESGCM.open(sealed.prefix(15), key: key, nonce: Array(0..<12), authenticating: [9]) == nil)
    }

    private func bytes(_ text: String) throws -> [UInt8] { try #require(BaseEncoding.hexadecimal.decode(text)) }
}
