import AMQPTesting
import EventLoop
import Foundation
import GuichetProtocol
import HTTPServer
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import IdentityService

@Suite("Subscribers", .serialized)
struct SubscriberTests {
    /// Accounts of the broker are those of all tests that run at the same time.
    private let clinic: TenantSlug
    private let management: String

    init() throws {
        clinic = try #require(TenantSlug("clinique-\(UUID().uuidString.prefix(8).lowercased())"))
        management = try #require(ProcessInfo.processInfo.environment["GUICHET_TEST_AMQP_MANAGEMENT_URL"])
    }

    private func withAdmin(_ body: @EventLoop (RunningIdentity, TokenView) async throws -> Void) async throws {
        let environment = [
            "GUICHET_IDENTITY_BROKER_MANAGEMENT_URL": management,
            "GUICHET_IDENTITY_BROKER_ADDRESS": "amqps://broker.example:5671",
        ]
        try await RunningIdentity.serving(environment) { identity in
            try await body(identity, identity.tenant(clinic, root: identity.rootToken()))
            // The accounts would outlast the virtual host of the test.
            let data = try await identity.directory.store(for: clinic).data
            try await data.query("UPDATE subscribers SET removed_at = now()")
            try await identity.service.reconcileSubscribers(of: clinic, data)
        }
    }

    private func create(
        _ name: String, by admin: TokenView, at identity: RunningIdentity, key: String? = nil,
        events: [String] = ["guichet.booking.appointment"]
    ) async throws -> TestAnswer {
        let body = SubscriberBody(name: name, events: events)
        return try await identity.post("/api/subscribers", body, token: admin.accessToken, key: key ?? name)
    }

    private struct SubscriberBody: Encodable {
        let name: String
        let events: [String]
    }

    @Test("get an account, a queue and a password, which the same request gets again and nothing stores")
    func creation() async throws {
        try await withAdmin { identity, admin in
            let answer = try await create("portail", by: admin, at: identity)
            try #require(answer.status == 201, "\(answer.text)")
            let made = try answer.decode(SubscriberPasswordView.self)
            #expect(made.subscriber.account == "sub.\(clinic).portail" && made.subscriber.collectingSince != nil)
            #expect(made.subscriber.address == "amqps://broker.example:5671/\(identity.host.platform.brokerHost)")
            let password = try #require(made.password)
            let again = try await create("portail", by: admin, at: identity)
            #expect(try again.decode(SubscriberPasswordView.self).password == password)

            let data = try await identity.directory.store(for: clinic).data
            let stored = try await data.query(
                "SELECT concat((SELECT json_agg(k) FROM idempotency_keys k), (SELECT json_agg(s) FROM subscribers s)) AS t"
            )
            let text: String = try stored[0].get("t")
            #expect(text.contains("portail") && !text.contains(password))
            let shown = try await identity.get("/api/subscribers/\(made.subscriber.id)", token: admin.accessToken)
            #expect(shown.status == 200 && !shown.text.contains("password\"") && shown.text.contains("portail"))
            let list = try await identity.get("/api/subscribers", token: admin.accessToken)
            #expect(try list.decode(Page<SubscriberView>.self).items.map(\.id) == [made.subscriber.id])
        }
    }

    @Test("are bounded in number, have different names, and select events that are there")
    func refusals() async throws {
        try await withAdmin { identity, admin in
            #expect(try await create("portail", by: admin, at: identity).status == 201)
            #expect(try await create("portail", by: admin, at: identity, key: "k").problem == "subscriber-name-taken")
            for events in [[], ["guichet.identity.signing-keys"], ["#"]] {
                #expect(try await create("a", by: admin, at: identity, events: events).problem == "invalid-body")
            }
            #expect(try await create("a.b", by: admin, at: identity).problem == "invalid-body")
            let manager = try await identity.user("meriem", .manager, by: admin, of: clinic)
            #expect(try await create("a", by: manager, at: identity).problem == "forbidden")
            let data = try await identity.directory.store(for: clinic).data
            try await data.query(
                """
                INSERT INTO subscribers SELECT gen_random_uuid(), 'n' || n, events, password_hash, now(), now()
                FROM subscribers, generate_series(2, \(Subscriber.limit)) AS n
                """)
            #expect(try await create("b", by: admin, at: identity).problem == "too-many-subscribers")
        }
    }

    @Test("get another password, which ends the validity of the first, and are removed")
    func changes() async throws {
        try await withAdmin { identity, admin in
            let made = try await create("portail", by: admin, at: identity).decode(SubscriberPasswordView.self)
            let path = "/api/subscribers/\(made.subscriber.id)"
            let changed = try await identity.call(
                "POST", "\(path)/password", token: admin.accessToken, headers: ["Idempotency-Key": "new"])
            try #require(changed.status == 200, "\(changed.text)")
            let second = try changed.decode(SubscriberPasswordView.self).password
            #expect(second != nil && second != made.password)
            // The first password is no longer one.
            let again = try await create("portail", by: admin, at: identity).decode(SubscriberPasswordView.self)
            #expect(again.password == nil && again.subscriber.id == made.subscriber.id)
            #expect(try await identity.delete(path, token: admin.accessToken).status == 204)
            #expect(try await identity.delete(path, token: admin.accessToken).problem == "not-found")
            #expect(try await identity.get(path, token: admin.accessToken).problem == "not-found")
            let trail = try await identity.get("/api/audit?limit=100", token: admin.accessToken)
            let actions = try trail.decode(Page<AuditLineView>.self).items.map(\.action)
            #expect(actions.contains("subscriber.change") && actions.contains("subscriber.remove"))
        }
    }

    @Test("come to a broker that was unavailable or rebuilt, as their table says")
    func reconciliation() async throws {
        try await withAdmin { identity, admin in
            let broker = try #require(identity.service.reconcileSubscribers.broker)
            let made = try await create("portail", by: admin, at: identity).decode(SubscriberPasswordView.self)
            let account = SubscriberAccount("portail", of: clinic)
            let data = try await identity.directory.store(for: clinic).data
            // What an attempt leaves that ends right after its commit: a row, and a row that is to be removed.
            try await data.query(
                """
                INSERT INTO subscribers SELECT gen_random_uuid(), 'second', events, password_hash, now(), now()
                FROM subscribers
                """)
            try await broker.remove(account)
            try await identity.wait { identity in
                try await identity.service.reconcileSubscribers()
                let present = try await broker.state()
                return present.hasQueue(of: account) && present.hasQueue(of: SubscriberAccount("second", of: clinic))
            }
            let shown = try await identity.get("/api/subscribers/\(made.subscriber.id)", token: admin.accessToken)
            let since = try #require(try shown.decode(SubscriberView.self).collectingSince)
            #expect(since >= made.subscriber.createdAt)

            try await data.query("UPDATE subscribers SET removed_at = now() WHERE name = 'portail'")
            // An account that no table has, as an old backup of the broker brings it back.
            try await data.query("DELETE FROM subscribers WHERE name = 'second'")
            try await identity.wait { identity in
                try await identity.service.reconcileSubscribers()
                let rest = try await broker.state()
                let isGone = !rest.accounts.contains { $0.tenant == clinic } && !rest.hasQueue(of: account)
                let rows = try await data.query("SELECT FROM subscribers")
                return isGone && rows.isEmpty
            }
        }
    }

    @Test("have no account while their tenant is closed")
    func closedTenant() async throws {
        try await withAdmin { identity, admin in
            let broker = try #require(identity.service.reconcileSubscribers.broker)
            let account = SubscriberAccount("portail", of: clinic)
            #expect(try await create("portail", by: admin, at: identity).status == 201)
            #expect(try await broker.state().hasQueue(of: account))
            let commands = TenantCommands(service: identity.service)
            for (command, isThere) in [("close", false), ("reopen", true)] {
                _ = try await commands([command, clinic.description])
                try await identity.wait { identity in
                    try await identity.service.reconcileSubscribers()
                    let state = try await broker.state()
                    return state.hasQueue(of: account) == isThere
                        && state.accounts.contains { $0.name == account.name } == isThere
                }
            }
        }
    }

    @Test("are made by the same request later when the broker cannot be reached")
    func unreachable() async throws {
        let environment = ["GUICHET_IDENTITY_BROKER_MANAGEMENT_URL": "http://user:password@127.0.0.1:1"]
        try await RunningIdentity.serving(environment) { identity in
            let admin = try await identity.tenant(clinic, root: identity.rootToken())
            for _ in 0..<2 {
                let answer = try await create("portail", by: admin, at: identity)
                #expect(answer.problem == "unavailable" && answer.headers["retry-after"] != nil)
            }
            let list = try await identity.get("/api/subscribers", token: admin.accessToken)
            let found = try list.decode(Page<SubscriberView>.self).items
            #expect(found.count == 1 && found[0].collectingSince == nil && found[0].state == nil)
        }
    }
}
