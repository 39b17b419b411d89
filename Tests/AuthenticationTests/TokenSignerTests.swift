import Authentication
import Cryptography
import FoundationEssentials
import GuichetProtocol
import Primitives
import Testing

@Suite("Issuing an access token")
struct TokenSignerTests {
    let fixture = TokenFixture()

    @Test("writes the header and the claims of RFC 9068, and nothing personal")
    func form() throws {
        let parts = try fixture.token().split(separator: ".")
        #expect(try object(parts[0]) == ["alg": "ES256", "kid": "k1", "typ": "at+jwt"])
        let claims = try JSONDecoder().decode([String: Value].self, from: try json(parts[1]))
        #expect(
            claims.keys.sorted() == [
                "aud", "client_id", "exp", "iat", "iss", "jti", "nbf", "role", "sid", "sub", "tenant",
            ])
        #expect(claims["iss"] == .text("https://guichet.test"))
        #expect(claims["role"] == .text("staff"))
        #expect(claims["iat"] == .number(1_800_000_000))
        #expect(claims["exp"] == .number(1_800_000_600))
    }

    @Test("gives a service account its scopes in place of a role, and its own id as the client")
    func serviceAccount() throws {
        let token = try fixture.serviceToken([.slotsRead, .appointmentsWrite])
        let parts = token.text.split(separator: ".")
        let claims = try JSONDecoder().decode([String: Value].self, from: try json(parts[1]))
        #expect(claims["scope"] == .text("appointments:write slots:read"))
        #expect(claims["client_id"] == .text("\(fixture.userID)"))
        #expect(claims["role"] == nil)
        #expect(token.principal.role == nil)
        #expect(token.lifetime == TokenFixture.lifetime)
    }

    @Test(
        "ends with the account or its secret, and lives a second at least", arguments: [(90, 90), (9000, 600), (0, 1)])
    func end(after seconds: Int, lifetime: Int) throws {
        let token = try fixture.serviceToken([], until: fixture.clock.now + .seconds(seconds))
        #expect(token.lifetime == .seconds(lifetime))
        #expect(token.principal.expiresAt == fixture.clock.now + .seconds(lifetime))
    }

    @Test("gives each token an id of its own")
    func uniqueness() throws { #expect(try fixture.token() != fixture.token()) }

    @Test("is refused for more than 15 minutes")
    func lifetime() async {
        await #expect(processExitsWith: .failure) {
            _ = TokenSigner(
                issuer: "i", audience: "a", keyID: "k", key: .generate(), lifetime: .seconds(15 * 60 + 1))
        }
        await #expect(processExitsWith: .success) {
            _ = TokenSigner(issuer: "i", audience: "a", keyID: "k", key: .generate(), lifetime: .seconds(15 * 60))
        }
    }

    private enum Value: Decodable, Equatable {
        case text(String)
        case number(Int64)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            self = try (try? .number(container.decode(Int64.self))) ?? .text(container.decode(String.self))
        }
    }

    private func object(_ part: Substring) throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: try json(part))
    }

    private func json(_ part: Substring) throws -> Data { Data(try #require(BaseEncoding.base64URL.decode(part))) }
}
