import Testing

@testable import Cryptography

@Suite("A password hash")
struct PasswordHashTests {
    struct Vector: Sendable {
        let password: String
        let salt: String
        let cost: (logN: Int, blockSize: Int, parallelism: Int)
        let derived: String
    }

    @Test(
        "agrees with RFC 7914 section 12",
        arguments: [
            Vector(
                password: "", salt: "", cost: (4, 1, 1),
                derived: "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                    + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"),
            Vector(
                password: "password", salt: "NaCl", cost: (10, 8, 16),
                derived: "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                    + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"),
            Vector(
                password: "pleaseletmein", salt: "SodiumChloride", cost: (14, 8, 1),
                derived: "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                    + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"),
        ])
    func vectors(vector: Vector) throws {
        let cost = try #require(
            ScryptCost(
                logN: vector.cost.logN, blockSize: vector.cost.blockSize, parallelism: vector.cost.parallelism))
        let derived = cost.derive(64, from: Array(vector.password.utf8), salt: Array(vector.salt.utf8))
        #expect(BaseEncoding.hexadecimal.encode(derived) == vector.derived)
    }

    @Test("matches its password after a trip through text, and no other password")
    func roundTrip() throws {
        let cheap = try #require(ScryptCost(logN: 4, blockSize: 8, parallelism: 1))
        let hash = PasswordHash(of: "Où est l’été ?", cost: cheap)
        let stored = hash.description
        #expect(stored.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
        let read = try #require(PasswordHash(stored))
        #expect(read == hash)
        #expect(read.matches("Où est l’été ?"))
        #expect(!read.matches("Où est l’été?"))
        #expect(!read.matches(""))
        #expect(PasswordHash(of: "Où est l’été ?", cost: cheap) != hash, "each hash has its own salt")
    }

    @Test("needs a new hash when the cost has changed")
    func rehash() throws {
        let cheap = try #require(ScryptCost(logN: 4, blockSize: 8, parallelism: 1))
        let hash = PasswordHash(of: "secret", cost: cheap)
        #expect(!hash.needsRehash(for: cheap))
        #expect(hash.needsRehash())
        #expect(ScryptCost.standard.description == "ln=15,r=8,p=3")
    }

    @Test(
        "is not read from other text, or with too high a cost",
        arguments: [
            "", "secret", "$scrypt$ln=4,r=8,p=1$c2FsdA$aGFzaA",
            "$bcrypt$ln=4,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=20,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=99,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=4,r=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=4,r=8,p=-1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$r=8,ln=4,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ])
    func refused(text: String) { #expect(PasswordHash(text) == nil) }
}
