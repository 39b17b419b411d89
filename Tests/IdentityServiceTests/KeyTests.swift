import Authentication
import Cryptography
import EventLoop
import FoundationEssentials
import GuichetProtocol
import JSONCoding
import Messaging
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import IdentityService

@Suite("Signing keys", .serialized)
struct KeyTests {
    private static let clinic: TenantSlug = "clinique"

    @Test("a new key is published before it signs, and the old one verifies until its last token is over")
    func rotation() async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: identity.rootToken())
            let tokens = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            let oldKey = try Self.keyID(tokens.accessToken)
            try await identity.service.maintainSigningKeys.rotate(by: .operatorOnConsole)
            #expect(identity.service.keys.published.keys.keys.count == 2)

            func token() async throws -> String {
                try #require(try await identity.logIn(Self.clinic, "sara@people.example").tokens).accessToken
            }
            #expect(try Self.keyID(await token()) == oldKey)
            identity.clock.advance(by: .seconds(600) - .seconds(1))
            let last = try await token()
            #expect(try Self.keyID(last) == oldKey)
            identity.clock.advance(by: .seconds(1))
            #expect(try Self.keyID(await token()) != oldKey)

            identity.clock.advance(by: .seconds(590))
            try await identity.service.maintainSigningKeys()
            #expect(try identity.tokens.verify(last).role == .staff)
            identity.clock.advance(by: .seconds(80))
            try await identity.service.maintainSigningKeys()
            #expect(identity.service.keys.published.keys.keys.map(\.id).contains(oldKey) == false)
            // The events of earlier key sets may still be on their way to the verifier.
            try await identity.wait { identity in
                do {
                    _ = try identity.tokens.verify(last)
                    return false
                } catch TokenError.unknownKey {
                    return true
                }
            }
        }
    }

    @Test("any number of processes that start at once make one key")
    func start() async throws {
        try await RunningIdentity.serving { identity in
            try await identity.directory.registry.batch([
                "DELETE FROM signing_keys", "UPDATE signing_key_set SET version = 10",
            ])
            let tasks = (0..<8).map { _ in Task { @EventLoop in try await identity.service.maintainSigningKeys() } }
            for task in tasks { try await task.value }
            let keys = try await identity.directory.registry.query("SELECT id FROM signing_keys")
            #expect(keys.count == 1)
            #expect(identity.service.keys.published.version == 11)
        }
    }

    @Test("a key is replaced when it has reached its lifetime")
    func age() async throws {
        try await RunningIdentity.serving { identity in
            identity.clock.advance(by: .seconds(90 * 86_400))
            try await identity.service.maintainSigningKeys()
            try await identity.service.maintainSigningKeys()
            #expect(identity.service.keys.published.keys.keys.count == 2)
        }
    }

    @Test("anyone may read the public keys, and cache them while they do not change")
    func publication() async throws {
        try await RunningIdentity.serving { identity in
            let metadata = try await identity.get("/.well-known/oauth-authorization-server").text
            #expect(metadata.contains("\"issuer\":\"\(identity.host.platform.tokenIssuer)\""))
            #expect(metadata.contains("/.well-known/jwks.json\""))
            let answer = try await identity.get("/.well-known/jwks.json")
            #expect(answer.headers["content-type"] == "application/jwk-set+json")
            #expect(try answer.decode(JSONWebKeySet.self) == identity.service.keys.published.keys)
            #expect(!answer.text.contains("\"d\""))
            let tag = try #require(answer.headers["etag"])
            let again = try await identity.get("/.well-known/jwks.json", headers: ["If-None-Match": tag])
            #expect(again.status == 304 && again.text.isEmpty)
            let events = try await identity.directory.registry.query(
                "SELECT body FROM outbox WHERE aggregate = 'signing-keys/identity'")
            let body = try #require(events.last).get("body", as: String.self)
            let event = try JSONDecoder().decode(CloudEvent<SigningKeysPublished>.self, from: Data(body.utf8))
            let published = try JSONDecoder().decode(JSONWebKeySet.self, from: Data(event.data.keySet.utf8))
            #expect(published == identity.service.keys.published.keys)
        }
    }

    @Test("keys that an event announces are not taken: Identity has its own")
    func announced() async throws {
        try await RunningIdentity.serving { identity in
            let (registry, now) = (identity.directory.registry, Instant.now)
            // What is published before the queues are bound reaches no one.
            try await identity.wait { $0.host.platform.broker.isListening }
            let key = VerificationKey(id: "announced", key: P256PrivateKey.generate().publicKey)
            let event = SigningKeysPublished(keySet: try JSONOutput.text(JSONWebKeySet([key])))
            try await registry.query(
                Outbox.record(
                    event, of: "announced", version: Int(now.microseconds), tenant: .platform, at: now))
            identity.host.platform.relay.wake(registry)
            try await identity.wait { _ in
                try await !registry.query("SELECT 1 FROM inbox WHERE aggregate = 'signing-keys/announced'").isEmpty
            }
            let known = try await registry.query("SELECT version, key_set::text AS key_set FROM verification_keys")[0]
            #expect(try known.get("version") == identity.service.keys.published.version)
            #expect(try !known.get("key_set", as: String.self).contains("announced"))
        }
    }

    private static func keyID(_ token: String) throws -> String {
        struct Header: Decodable { let kid: String }
        let part = try #require(token.split(separator: ".").first)
        var base64 = part.replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.count % 4) % 4)
        return try JSONDecoder().decode(Header.self, from: try #require(Data(base64Encoded: String(base64)))).kid
    }
}
