import IdentityDomain
import Primitives
import Testing

@Suite("Rules for passwords")
struct PasswordRulesTests {
    private func fault(of password: String, email: String = "amel.k@clinique.example") throws -> PasswordRules.Fault? {
        let email = try #require(EmailAddress(email))
        do {
            try PasswordRules.check(password, of: email)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "a long password of one's own passes",
        arguments: [
            "tasse-nuage-vélo", "quatre mots bien longs", "Zq8!nR2#vL5x", String(repeating: "aBc9-", count: 25),
        ])
    func accepted(_ password: String) throws {
        #expect(try fault(of: password) == nil)
    }

    @Test("length is counted in characters, 12 to 128", arguments: [11, 12, 128, 129])
    func length(_ count: Int) throws {
        let password = String((0..<count).map { Array("éàzbçdefgûhij")[$0 % 13] })
        #expect(try fault(of: password) == (count < 12 ? .tooShort : count > 128 ? .tooLong : nil))
    }

    @Test("the local part of the address is not allowed in it, whatever the case")
    func email() throws {
        #expect(try fault(of: "xx-Amel.K-2026-xx") == .containsEmail)
        #expect(try fault(of: "a-quite-long-one", email: "a@clinique.example") == nil)
    }

    @Test(
        "what everybody tries first is refused",
        arguments: [
            "Password2026", "motdepasse2026!", "azertyuiop12", "1q2w3e4r5t6y", "aaaaaaaaaaaa", "123456789012",
            "abcdefghijklm", "121212121212", "administrateur1",
        ])
    func common(_ password: String) throws {
        #expect(try fault(of: password) == .common)
    }
}
