import AvailabilityDomain
import EventLoop
import FoundationEssentials
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import AvailabilityService

@Suite("Alerts of early slots")
struct CareAlertTests {
    @Test("a cancelled appointment tells those who wait for what it took, once, of the first slot, and nobody else")
    func raising() async throws {
        try await Suite.with { suite in
            let (start, user) = (suite.instant(9), UserID.new())
            let booked = try await suite.book(start, with: suite.amina)
            try await suite.caughtUp()
            let other = try await suite.another()
            let waiting = try await suite.wait(user)
            let withAmina = try await suite.wait(more: ", \"practitioner\": \"\(suite.amina)\"")
            try await suite.wait(more: ", \"practitioner\": \"\(suite.karim)\"")
            try await suite.wait(careType: "detartrage")
            try await suite.wait(days: 5...6)
            try await suite.wait(of: other.slug)
            try await suite.cancel(booked)
            try await suite.caughtUp()
            let raised = try await suite.told(CareAlertRaised.self)
            #expect(Set(raised.map(\.partitionkey)) == ["\(waiting.id)", "\(withAmina.id)"])
            #expect(raised.count == 2)
            let mine = try #require(raised.first { $0.partitionkey == "\(waiting.id)" })
            // The appointment also stood in the way of slots that begin before it and would run into it.
            #expect(mine.data.start == start + .seconds(-15 * 60) && mine.data.careType == "consultation")
            #expect(mine.data.subscriber == user && mine.data.practitioner == suite.amina && mine.version == 1)
            #expect(try await suite.told(CareAlertRaised.self, of: other.slug).isEmpty)
            let listed = try await suite.ask("GET", "alerts", as: .patient, user: user)
                .decode(Listed<CareAlertView>.self).items
            #expect(listed.map(\.raised) == [1])
        }
    }

    @Test("a message that comes again raises nothing again")
    func repetition() async throws {
        try await Suite.with { suite in
            let booked = try await suite.book(suite.instant(10), with: suite.amina)
            try await suite.caughtUp()
            try await suite.wait()
            try await suite.cancel(booked)
            try await suite.caughtUp()
            #expect(try await suite.told(CareAlertRaised.self).count == 1)
            let platform = suite.booking.host.platform
            let outbox = try await platform.directory.store(for: Suite.tenant.slug).data
            try await outbox.query("UPDATE outbox SET published_at = NULL")
            platform.relay.wake(outbox)
            try await suite.booking.wait { _ in
                try await outbox.query("SELECT FROM outbox WHERE published_at IS NULL").isEmpty
            }
            // Events of one aggregate stay in order: whatever came again was handled before this booking is.
            try await suite.book(suite.instant(15), with: suite.karim)
            try await suite.caughtUp()
            #expect(try await suite.told(CareAlertRaised.self).count == 1)
        }
    }

    @Test("hours that open on many days at once raise an alert once")
    func manyDays() async throws {
        try await Suite.with { suite in
            let days = (1...3).map { LocalDay(daysSinceEpoch: Int((suite.instant(12, days: $0).seconds) / 86_400)) }
            for day in days { try await suite.change("PUT", "holidays/\(day)", #"{"name": "Fermeture"}"#) }
            try await suite.published()
            let waiting = try await suite.wait(days: 0...4)
            let before = try await suite.told(CareAlertRaised.self).count
            for day in days { try await suite.change("DELETE", "holidays/\(day)", headers: ["If-Match": "*"]) }
            try await suite.published()
            let raised = try await suite.told(CareAlertRaised.self).filter { $0.partitionkey == "\(waiting.id)" }
            #expect(before == 0 && !raised.isEmpty)
            // Each change of the calendar may free something; none does so twice.
            #expect(raised.map(\.version) == Array(1...raised.count) && raised.count <= days.count)
        }
    }

    @Test("everybody has his own, and so many")
    func ownership() async throws {
        try await Suite.with { suite in
            let user = UserID.new()
            let key = UUID().uuidString
            let first = try await suite.wait(user, key: key)
            #expect(try await suite.wait(user, key: key).id == first.id)
            for _ in 1..<CareAlert.limitPerSubscriber { try await suite.wait(user) }
            let refused = try await suite.requestAlert(user)
            #expect(refused.status == 409 && refused.problem == "alert-limit")
            let stranger = try await suite.ask("DELETE", "alerts/\(first.id)", as: .patient)
            #expect(stranger.status == 404)
            #expect(try await suite.ask("DELETE", "alerts/\(first.id)", as: .patient, user: user).status == 204)
            #expect(try await suite.ask("DELETE", "alerts/\(first.id)", as: .patient, user: user).status == 404)
            #expect(try await suite.requestAlert(user).status == 201)
            let list = try await suite.ask("GET", "alerts", as: .patient, user: user)
            #expect(try list.decode(Listed<CareAlertView>.self).items.count == CareAlert.limitPerSubscriber)
            #expect(try await suite.ask("GET", "alerts").decode(Listed<CareAlertView>.self).items.isEmpty)
        }
    }

    @Test("an erased account leaves no alert, no stored answer and no event, and the alerts of others stay")
    func erasure() async throws {
        try await Suite.with { suite in
            let (user, other) = (UserID.new(), UserID.new())
            let booked = try await suite.book(suite.instant(9), with: suite.amina)
            try await suite.caughtUp()
            try await suite.wait(user)
            try await suite.wait(other)
            try await suite.cancel(booked)
            try await suite.caughtUp()
            #expect(try await suite.told(CareAlertRaised.self).count == 2)
            try await suite.wait(user)

            let (data, host) = (try await suite.data, suite.availability.host)
            try await data.query(ErasedAccounts.record(user, at: host.platform.clock.now))
            try await host.erasedAccounts.forget()
            let tables: [SQL] = ["care_alerts", "idempotency_keys", "outbox"]
            for table in tables {
                let rows = try await data.query(
                    "SELECT FROM \(table) AS line WHERE position(\("\(user)") IN line::text) > 0")
                #expect(rows.isEmpty, "\(table)")
            }
            #expect(try await suite.told(CareAlertRaised.self).map(\.data.subscriber) == [other])
            let list = try await suite.ask("GET", "alerts", as: .patient, user: other)
            #expect(try list.decode(Listed<CareAlertView>.self).items.count == 1)
        }
    }

    @Test("a window that lies behind, or too far ahead, is refused; so is a request without a key")
    func refusals() async throws {
        try await Suite.with { suite in
            for days in [-3 ... -2, 0...181] {
                let answer = try await suite.requestAlert(days: days)
                #expect(answer.status == 400 && answer.problem == "invalid-body", "\(days): \(answer.text)")
            }
            let unknown = try await suite.requestAlert(more: ", \"practitioner\": \"\(PractitionerID.new())\"")
            #expect(unknown.status == 400 && unknown.text.contains("/practitioner"))
            let keyless = try await suite.ask("POST", "alerts", as: .patient, body: "{}")
            #expect(keyless.status == 400 && keyless.problem == "idempotency-key-missing")
            #expect(try await suite.told(CareAlertRaised.self).isEmpty)
        }
    }
}

extension Suite {
    /// Asks for an alert of slots from one midnight to another, counted in days from today.
    func requestAlert(
        _ user: UserID = .new(), careType: String = "consultation", days: ClosedRange<Int> = 1...2,
        of tenant: TenantSlug = Suite.tenant.slug, key: String = UUID().uuidString, more: String = ""
    ) async throws -> TestAnswer {
        let (from, to) = (instant(0, days: days.lowerBound), instant(0, days: days.upperBound))
        return try await ask(
            "POST", "alerts", as: .patient, of: tenant, user: user, headers: ["Idempotency-Key": key],
            body: "{\"careType\": \"\(careType)\", \"from\": \"\(from)\", \"to\": \"\(to)\"\(more)}")
    }

    @discardableResult
    func wait(
        _ user: UserID = .new(), careType: String = "consultation", days: ClosedRange<Int> = 1...2,
        of tenant: TenantSlug = Suite.tenant.slug, key: String = UUID().uuidString, more: String = ""
    ) async throws -> CareAlertView {
        let answer = try await requestAlert(
            user, careType: careType, days: days, of: tenant, key: key, more: more)
        try #require(answer.status == 201, "\(answer.text)")
        return try answer.decode()
    }

    /// Changes Booking's calendar.
    func change(_ method: String, _ path: String, _ body: String? = nil, headers: [String: String] = [:]) async throws {
        let answer = try await booking.call(
            method, "/api/\(path)", token: booking.token(.manager, of: Self.tenant.slug), headers: headers, body: body)
        try #require(answer.status == 200, "\(answer.text)")
    }
}
