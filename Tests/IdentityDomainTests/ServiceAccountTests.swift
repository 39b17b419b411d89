import GuichetProtocol
import IdentityDomain
import Primitives
import Testing

@Suite("A service account")
struct ServiceAccountTests {
    private static let now = Instant(seconds: 1_800_000_000)

    private static func account(active: Bool = true, until end: Instant? = nil) throws -> ServiceAccount {
        ServiceAccount(
            id: .new(), name: try #require(DisplayName("Site")), scopes: [.slotsRead, .appointmentsWrite],
            isActive: active, expiresAt: end, version: EntityVersion(generation: 1, number: 1), createdAt: now,
            updatedAt: now)
    }

    @Test("gives a token all its scopes, or those of them that are requested")
    func scopes() throws {
        let account = try Self.account()
        func scopes(_ requested: String?) throws -> Set<Scope> {
            try account.scopes(requested: requested, secretUntil: nil, at: Self.now)
        }
        #expect(try scopes(nil) == [.slotsRead, .appointmentsWrite])
        #expect(try scopes("slots:read") == [.slotsRead])
        #expect(try scopes("slots:read slots:read") == [.slotsRead])
        for requested in ["", " ", "patients:read", "slots:read patients:read", "slots:read admin", "SLOTS:READ"] {
            #expect(throws: IdentityError.scopeInvalid) { try scopes(requested) }
        }
    }

    @Test("gives no token when it is inactive, or when it or its secret has expired")
    func closed() throws {
        let (now, later) = (Self.now, Self.now + .seconds(1))
        for (active, end, secretEnd, isOpen) in [
            (true, later, later, true), (true, nil, later, true), (true, now, nil, false), (true, nil, now, false),
            (true, later, now, false), (false, nil, nil, false),
        ] as [(Bool, Instant?, Instant?, Bool)] {
            let account = try Self.account(active: active, until: end)
            let scopes = Result { try account.scopes(requested: nil, secretUntil: secretEnd, at: now) }
            #expect((try? scopes.get()) == (isOpen ? account.scopes : nil))  // Which error it is, the route says.
        }
    }

    @Test(
        "loses its tokens by a change that withdraws what they permit",
        arguments: [
            (ServiceAccountChanges(name: nil, scopes: nil, isActive: false, expiry: .kept), true),
            (ServiceAccountChanges(name: nil, scopes: [.slotsRead], isActive: nil, expiry: .kept), true),
            (ServiceAccountChanges(name: nil, scopes: nil, isActive: nil, expiry: .at(now + .seconds(59))), true),
            (ServiceAccountChanges(name: nil, scopes: nil, isActive: nil, expiry: .at(now + .seconds(61))), false),
            (ServiceAccountChanges(name: nil, scopes: nil, isActive: nil, expiry: .never), false),
            (ServiceAccountChanges(name: nil, scopes: Set(Scope.allCases), isActive: true, expiry: .kept), false),
        ])
    func ends(change: ServiceAccountChanges, ends: Bool) throws {
        #expect(change.endsTokens(of: try Self.account(until: Self.now + .seconds(60))) == ends)
    }
}
