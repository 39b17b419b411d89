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

@testable import BookingService

@Suite("Erasing an account")
struct AccountErasureTests {
    @Test("leaves the clinic its appointments, ends links and holds, and removes whom only the account knew")
    func traces() async throws {
        try await ClinicFixture.with { clinic in
            let user = UserID.new()
            let linked = try await clinic.register("Yasmine B.", as: .patient, user: user)
            let link = try await clinic.ask("PUT", "/api/patients/\(linked)/account", as: .admin, "{}")
            #expect(link.status == 200, "\(link.text)")
            let unknown = try await clinic.register("Inès B.", as: .patient, user: user)
            let booked = try await clinic.ask(
                "POST", "/api/appointments/create", as: .patient, user: user,
                #"{"careType": "consultation", "start": "\#(clinic.instant(9))", "patientId": "\#(linked)"}"#
            ).decode(AppointmentAnswer.self)
            let hold = try await clinic.ask(
                "POST", "/api/appointments/holds", as: .patient, user: user,
                #"{"careType": "consultation", "start": "\#(clinic.instant(14))"}"#
            ).decode(AppointmentAnswer.self)

            // The event comes twice, and requests that were under way are committed between the two removals.
            try await clinic.erase(user)
            try await clinic.awaitNothing(of: user, except: ["inbox", "erased_accounts"])
            let late = try await clinic.register("Tardif B.", as: .patient, user: user)
            clinic.service.clock.advance(by: .seconds(1200))
            try await clinic.awaitNothing(of: user, except: ["inbox"])
            try await clinic.erase(user)

            let patients = try await clinic.data.query(
                "SELECT contact IS NOT NULL AS is_known, account, linked_at FROM patients ORDER BY id")
            #expect(try patients.map { try $0.get("is_known") as Bool } == [true, false, false], "\(unknown), \(late)")
            #expect(try patients.allSatisfy { try $0.find("account", as: UserID.self) == nil })
            let lines = try await clinic.data.query(
                "SELECT action FROM access_audit WHERE role = 'erasure' ORDER BY id")
            #expect(try lines.map { try $0.get("action") as String } == ["erase", "unlink", "erase"])
            let kept = try await clinic.ask("GET", "/api/appointments/\(booked.id)").decode(AppointmentAnswer.self)
            #expect(kept.status == "confirmed")
            try await clinic.service.wait { _ in
                let held = try await clinic.ask("GET", "/api/appointments/\(hold.id)").decode(AppointmentAnswer.self)
                return held.status == "expired"
            }
        }
    }

    @Test("keeps who did what among the staff")
    func staff() async throws {
        try await ClinicFixture.with { clinic in
            let user = UserID.new()
            let booked = try await clinic.ask(
                "POST", "/api/appointments/create", as: .staff, user: user, clinic.booking(clinic.instant(9)))
            #expect(booked.status == 201, "\(booked.text)")
            try await clinic.erase(user)
            try await clinic.awaitNothing(
                of: user, except: ["inbox", "erased_accounts", "appointment_history", "access_audit"])
            let history = try await clinic.data.query("SELECT FROM appointment_history WHERE actor_id = \(user)")
            #expect(history.count == 1)
        }
    }
}

extension ClinicFixture {
    /// Publishes what Identity publishes when it erases an account, and waits until it was handled.
    @EventLoop fileprivate func erase(_ user: UserID) async throws {
        let (platform, tenant) = (service.host.platform, Self.tenant.slug)
        let aggregate = UserID.new()
        let event = try Outbox.record(
            UserErased(user: user), of: "\(aggregate)", version: 1, tenant: tenant, at: service.clock.clock.now)
        try await data.query(event)
        platform.relay.wake(try await data)
        try await service.wait { _ in
            try await !data.query("SELECT FROM inbox WHERE aggregate = \("user/\(aggregate)")").isEmpty
        }
    }

    /// Waits until the account is named in no other table of the tenant than these.
    @EventLoop fileprivate func awaitNothing(of user: UserID, except tables: Set<String>) async throws {
        try await service.host.erasedAccounts.forget()
        try await service.wait { _ in
            try await mentions("\(user)").subtracting(tables).subtracting(["outbox"]).isEmpty
        }
    }
}
