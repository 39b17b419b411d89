import Authentication
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import IdentityService

@Suite("Refresh tokens", .serialized)
struct RefreshTests {
    private static let clinic: TenantSlug = "clinique"

    private func withSession(_ body: @EventLoop (RunningIdentity, TokenView) async throws -> Void) async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: identity.rootToken())
            try await body(identity, identity.user("sara", .staff, by: admin, of: Self.clinic))
        }
    }

    private func refresh(_ identity: RunningIdentity, _ token: String) async throws -> TestAnswer {
        try await identity.post("/api/auth/refresh", ["refreshToken": token])
    }

    @Test("each is exchanged for the next, in the same session")
    func rotation() async throws {
        try await withSession { identity, tokens in
            var latest = tokens
            let session = try identity.tokens.verify(tokens.accessToken).sessionID
            for _ in 0..<3 {
                identity.clock.advance(by: .seconds(60))
                let next = try await refresh(identity, latest.refreshToken).decode(TokenView.self)
                #expect(next.refreshToken != latest.refreshToken)
                #expect(try identity.tokens.verify(next.accessToken).sessionID == session)
                latest = next
            }
        }
    }

    @Test("a lost answer can be asked for again for ten seconds, and is the same")
    func lostAnswer() async throws {
        try await withSession { identity, tokens in
            let first = try await refresh(identity, tokens.refreshToken).decode(TokenView.self)
            identity.clock.advance(by: .seconds(9))
            let again = try await refresh(identity, tokens.refreshToken).decode(TokenView.self)
            #expect(again.refreshToken == first.refreshToken)
            #expect(try await refresh(identity, first.refreshToken).status == 200)
        }
    }

    @Test("a used token that is sent again ends the session, and the audit has a line")
    func reuse() async throws {
        try await withSession { identity, tokens in
            let next = try await refresh(identity, tokens.refreshToken).decode(TokenView.self)
            identity.clock.advance(by: .seconds(11))
            #expect(try await refresh(identity, tokens.refreshToken).problem == "refresh-token-invalid")
            #expect(try await refresh(identity, next.refreshToken).problem == "refresh-token-invalid")
            let reuses = try await identity.directory.store(for: Self.clinic).data.query(
                "SELECT outcome FROM access_audit WHERE action = 'refresh.reuse' AND user_id = \(tokens.user.id)")
            #expect(reuses.count == 1)
        }
    }

    @Test("within ten seconds too, when its successor was used")
    func reuseInHaste() async throws {
        try await withSession { identity, tokens in
            let second = try await refresh(identity, tokens.refreshToken).decode(TokenView.self)
            let third = try await refresh(identity, second.refreshToken).decode(TokenView.self)
            #expect(try await refresh(identity, tokens.refreshToken).status == 401)
            #expect(try await refresh(identity, third.refreshToken).status == 401)
        }
    }

    @Test("sixteen concurrent refreshes with one token get the same successor")
    func concurrent() async throws {
        try await withSession { identity, tokens in
            let tasks = (0..<16).map { _ in
                Task { @EventLoop in
                    try await refresh(identity, tokens.refreshToken).decode(TokenView.self).refreshToken
                }
            }
            var successors: Set<String> = []
            for task in tasks { successors.insert(try await task.value) }
            #expect(successors.count == 1)
            let line = try await identity.directory.store(for: Self.clinic).data.query(
                """
                SELECT count(*) AS tokens, count(DISTINCT session_id) AS families FROM refresh_tokens
                JOIN sessions ON sessions.id = session_id WHERE user_id = \(tokens.user.id)
                """)[0]
            #expect(try line.get("tokens", as: Int.self) == 2)
            #expect(try line.get("families", as: Int.self) == 1)
        }
    }

    @Test("none is accepted after logout, after the end of the session, or when it is forged")
    func over() async throws {
        try await withSession { identity, tokens in
            let other = try #require(try await identity.logIn(Self.clinic, "sara@people.example").tokens)
            let out = try await identity.call("POST", "/api/auth/logout", token: tokens.accessToken)
            #expect(out.status == 204)
            #expect(try await refresh(identity, tokens.refreshToken).status == 401)
            let forged = String(repeating: "A", count: 43)
            for text in ["clinique.\(forged)", "ailleurs.\(forged)", "clinique.x", "x"] {
                #expect(try await refresh(identity, text).problem == "refresh-token-invalid")
            }
            for text in ["", String(repeating: "A", count: 1025)] {
                #expect(try await refresh(identity, text).problem == "invalid-body")
            }
            identity.clock.advance(by: .seconds(7 * 86_400))
            #expect(try await refresh(identity, other.refreshToken).status == 401)
        }
    }
}
