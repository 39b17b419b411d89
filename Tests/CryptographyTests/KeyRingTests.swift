import Cryptography
import Primitives
import Testing

@Suite("A key ring")
struct KeyRingTests {
    let oldKey = "2025b:\(BaseEncoding.base64.encode(RandomBytes.make(32)))="
    let newKey = "2026a:\(BaseEncoding.base64.encode(RandomBytes.make(32)))="
    let phone = Array("+213555010203".utf8)

    func field(
        tenant: String = "cabinet-alger", table: String = "patients", column: String = "phone", row: String = "p1"
    ) throws -> EncryptedField {
        EncryptedField(tenant: try #require(TenantSlug(tenant)), table: table, column: column, row: row)
    }

    @Test("decrypts its own ciphertexts, and never encrypts the same way twice", arguments: [0, 1, 13, 5000])
    func roundTrip(length: Int) throws {
        let ring = try KeyRing(configuration: newKey)
        let plaintext = RandomBytes.make(length)
        let first = ring.encrypt(plaintext, in: try field())
        #expect(try ring.decrypt(first, in: try field()) == plaintext)
        #expect(ring.encrypt(plaintext, in: try field()) != first)
        #expect(first.count == 2 + 5 + 12 + length + 16)
    }

    @Test("refuses a ciphertext moved to another row, column, table or tenant")
    func moved() throws {
        let ring = try KeyRing(configuration: newKey)
        let ciphertext = ring.encrypt(phone, in: try field())
        let others = [
            try field(tenant: "cabinet-oran"), try field(table: "users"), try field(column: "email"),
            try field(row: "p2"), try field(table: "patient", column: "sphone"),
        ]
        for other in others {
            #expect(throws: DecryptionError.notAuthentic) { try ring.decrypt(ciphertext, in: other) }
        }
    }

    @Test("refuses a ciphertext with any one bit changed, wherever it is")
    func tampered() throws {
        let ring = try KeyRing(configuration: newKey)
        let ciphertext = ring.encrypt(phone, in: try field())
        for bit in 0..<ciphertext.count * 8 {
            var altered = ciphertext
            altered[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: DecryptionError.self) { try ring.decrypt(altered, in: try field()) }
        }
    }

    @Test("refuses a truncated ciphertext and another version")
    func malformed() throws {
        let ring = try KeyRing(configuration: newKey)
        let ciphertext = ring.encrypt([], in: try field())
        for length in 0..<ciphertext.count {
            #expect(throws: DecryptionError.malformed) {
                try ring.decrypt(Array(ciphertext.prefix(length)), in: try field())
            }
        }
        #expect(throws: DecryptionError.malformed) { try ring.decrypt([2] + ciphertext.dropFirst(), in: try field()) }
    }

    @Test("changes to a new key and still decrypts with the old one")
    func rotation() throws {
        let before = try KeyRing(configuration: oldKey)
        let during = try KeyRing(configuration: "\(newKey),\(oldKey)")
        let after = try KeyRing(configuration: newKey)
        let old = before.encrypt(phone, in: try field())
        #expect(try !before.needsReencryption(old))
        #expect(try during.needsReencryption(old))
        let renewed = during.encrypt(try during.decrypt(old, in: try field()), in: try field())
        #expect(try !during.needsReencryption(renewed))
        #expect(try after.decrypt(renewed, in: try field()) == phone)
        #expect(throws: DecryptionError.unknownKey(id: "2025b")) { try after.decrypt(old, in: try field()) }
    }

    @Test("does not take another key under the same id for its own")
    func sameID() throws {
        let ciphertext = try KeyRing(configuration: newKey).encrypt(phone, in: try field())
        let impostor = try KeyRing(configuration: "2026a:\(BaseEncoding.base64.encode(RandomBytes.make(32)))")
        #expect(throws: DecryptionError.notAuthentic) { try impostor.decrypt(ciphertext, in: try field()) }
    }

    @Test("says which entry of its configuration is wrong")
    func configuration() throws {
        func refuses(_ text: String, _ error: KeyTextError) {
            #expect(throws: error) { try KeyRing(configuration: text) }
        }
        refuses("", .malformedEntry(position: 1))
        refuses("\(newKey),", .malformedEntry(position: 2))
        refuses("\(newKey),ÉTÉ:AAAA", .malformedEntry(position: 2))
        refuses("\(newKey),2025b:AAAA", .malformedKey(id: "2025b"))
        refuses("\(newKey),\(newKey)", .duplicateID("2026a"))
    }

    @Test("shows its ids and no key when printed")
    func printed() throws {
        #expect("\(try KeyRing(configuration: "\(newKey),\(oldKey)"))" == "KeyRing(2025b, 2026a)")
    }
}
