import AMQPTesting
import EventLoop
import FoundationEssentials
import GuichetProtocol
import Messaging
import Postgres
import PostgresTesting
import Primitives
import Runtime
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import BookingService

@Suite("Reporting the agenda")
struct ReportTests {
    @Test("a report says what the asker does not know, or knows otherwise, and nothing else")
    func differences() async throws {
        try await ClinicFixture.with { clinic in
            let kept = try await clinic.appointment(9)
            let unknown = try await clinic.appointment(10)
            let moved = try await clinic.appointment(11)
            let gone = try await clinic.appointment(12)
            let released = try await clinic.appointment(13)
            let forgotten = try await clinic.appointment(14)
            _ = try await clinic.appointment(9, days: 3)
            #expect(try await clinic.move(moved, to: clinic.instant(15), version: 1).status == 200)
            #expect(try await clinic.move(gone, to: clinic.instant(9, days: 5), version: 1).status == 200)
            for appointment in [released, forgotten] {
                #expect(try await clinic.ask("DELETE", "/api/appointments/\(appointment.id)").status == 200)
            }
            let report = try await clinic.report(
                known: [kept, moved, gone, released].map { KnownAppointment(id: .init($0.id), version: 1) }
                    + [KnownAppointment(id: .new(), version: 1)])
            let expected = [(unknown, 1), (moved, 2), (gone, 2), (released, 2)]
            #expect(
                Set(report.data.entries.map { [$0.appointment.description, "\($0.version)"] })
                    == Set(expected.map { [Identifier<AppointmentKind>($0.id).description, "\($1)"] }))
            #expect(report.data.entries.count == expected.count)
            let taken = Dictionary(uniqueKeysWithValues: report.data.entries.map { ($0.appointment.uuid, $0) })
            #expect(taken[released.id]?.taken == nil)
            #expect(taken[moved.id]?.taken?.blocked.from == clinic.instant(15))
            #expect(taken[gone.id]?.taken?.blocked.from == clinic.instant(9, days: 5))
            let told = try await clinic.published(AppointmentRescheduled.self).first {
                $0.data.appointment.id.uuid == moved.id
            }
            #expect(taken[moved.id]?.changedAt == told?.time)
            #expect(
                taken[unknown.id]?.taken
                    == TakenTime(
                        practitioner: clinic.amina, room: nil,
                        blocked: BlockedTime(from: clinic.instant(10), to: clinic.instant(10, 30))))
        }
    }

    /// Surgery from 9 to 10 keeps practitioner and room until half past ten.
    @Test(
        "an appointment is in a window that any of its time is in, buffers included",
        arguments: [(8, 0, 9, 0, false), (8, 0, 9, 1, true), (10, 29, 12, 0, true), (10, 30, 12, 0, false)])
    func edges(fromHour: Int, fromMinute: Int, toHour: Int, toMinute: Int, isIn: Bool) async throws {
        try await ClinicFixture.with { clinic in
            let body = """
                {"careType": "chirurgie", "start": "\(clinic.instant(9))",
                 "patient": {"name": "Yasmine B.", "phone": "+213551234567"}}
                """
            #expect(try await clinic.ask("POST", "/api/appointments/create", body).status == 201)
            let report = try await clinic.report(
                window: BlockedTime(
                    from: clinic.instant(fromHour, fromMinute), to: clinic.instant(toHour, toMinute)))
            #expect(report.data.entries.map(\.taken?.room) == (isIn ? [clinic.room] : []))
        }
    }

    @Test("the calendar comes along when the asker has another one")
    func calendar() async throws {
        try await ClinicFixture.with { clinic in
            _ = try await clinic.ask("PUT", "/api/holidays/\(clinic.day(2))", #"{"name": "Fête"}"#)
            let present = try #require(try await clinic.published(CalendarChanged.self).last).data.calendar
            #expect(try await clinic.report(calendarVersion: present.version).data.calendar == nil)
            for version in [0, present.version - 1] {
                #expect(try await clinic.report(calendarVersion: version).data.calendar == present)
            }
        }
    }

    @Test("the answer names its request, and a request that comes again has that one answer")
    func answer() async throws {
        try await ClinicFixture.with { clinic in
            let request = try await clinic.request()
            let report = try await clinic.answer(to: request)
            #expect(report.subject == "report/\(request.partitionkey)")
            #expect(report.version == 1)
            #expect(report.causationid == request.id.description)
            #expect(report.correlationid == request.correlationid)
            #expect(report.data.window == request.data.window)
            try await clinic.send(request)
            let answers = try await clinic.published(AgendaReported.self).filter { $0.subject == report.subject }
            #expect(answers.map(\.id) == [report.id])
        }
    }

    @Test("another tenant's report knows nothing of this one's agenda")
    func otherTenant() async throws {
        let other = TenantProfile(
            id: .new(), slug: "cabinet-oran", name: "Cabinet", address: "Oran", timeZone: "Africa/Algiers",
            locale: "fr-DZ", phoneCountry: "DZ", database: "main")
        try await ClinicFixture.with(beside: [other]) { clinic in
            let booked = try await clinic.appointment(9)
            let report = try await clinic.report(
                of: other.slug, known: [KnownAppointment(id: .init(booked.id), version: 7)])
            #expect(report.tenantid == other.slug)
            #expect(report.data.entries.isEmpty)
            #expect(report.data.calendar?.resources.isEmpty == true)
            #expect(try await clinic.published(AgendaReported.self).isEmpty)
        }
    }

    @Test("a request beyond the limits is parked, and those behind it are answered")
    func limits() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let service = try await RunningService<BookingService>.start(database, broker)
                try await service.announce([ClinicFixture.tenant])
                let clinic = ClinicFixture(service: service)
                let start = clinic.instant(0)
                let days = BlockedTime(from: start, to: start + .seconds(ReportRequested.maximumDays * 86_400))
                let tooLong = BlockedTime(from: start, to: days.to + .seconds(60))
                _ = try await clinic.request(window: tooLong)
                _ = try await clinic.request(window: BlockedTime(from: days.to, to: days.from))
                let many = (0...ReportRequested.maximumKnown).map { _ in KnownAppointment(id: .new(), version: 1) }
                _ = try await clinic.request(known: many)
                _ = try await clinic.report(window: days, known: Array(many.dropLast()))
                let parked = ParkedMessages(of: BookingService.name, try broker.configuration())
                try await service.wait { _ in try await parked.list(limit: 10).count == 3 }
                let reasons = try await parked.list(limit: 10).map(\.reason)
                for word in ["more than 10 days", "ends before", "more than 5000"] {
                    #expect(reasons.contains { $0.contains(word) })
                }
                #expect(try await clinic.published(AgendaReported.self).count == 1)
                try await service.stop()
            }
        }
    }
}

extension ClinicFixture {
    @EventLoop fileprivate func appointment(_ hour: Int, days: Int = 1) async throws -> AppointmentAnswer {
        try await book(instant(hour, days: days), with: amina).decode(AppointmentAnswer.self)
    }

    /// Asks as Availability does, of tomorrow unless a window is given. What is sent leaves from the registry, for the
    /// tenant's own outbox is where the answer will be.
    @EventLoop fileprivate func request(
        of tenant: TenantSlug = tenant.slug, window: BlockedTime? = nil, known: [KnownAppointment] = [],
        calendarVersion: Int = 0
    ) async throws -> CloudEvent<ReportRequested> {
        let platform = service.host.platform
        let request = ReportRequested(
            window: window ?? BlockedTime(from: instant(0), to: instant(0, days: 2)), known: known,
            calendarVersion: calendarVersion)
        let id = ReportID.new()
        try await platform.directory.registry.query(
            Outbox.record(request, of: id.description, version: 1, tenant: tenant, at: .now))
        platform.relay.wake(platform.directory.registry)
        return try await Self.event("report/\(id)", in: platform.directory.registry)
    }

    /// Sends it once more; returns when it was recognised.
    @EventLoop fileprivate func send(_ request: CloudEvent<ReportRequested>) async throws {
        let platform = service.host.platform
        try await platform.directory.registry.query(
            "UPDATE outbox SET published_at = NULL WHERE aggregate = \(request.subject)")
        platform.relay.wake(platform.directory.registry)
        try await service.wait { $0.host.platform.metrics.exposition().contains(#"{outcome="repeated"} 1"#) }
    }

    /// The answer, once it is there.
    @EventLoop fileprivate func answer(
        to request: CloudEvent<ReportRequested>
    ) async throws -> CloudEvent<AgendaReported> {
        let data = try await service.host.platform.directory.store(for: request.tenantid).data
        try await service.wait { _ in
            try await !data.query(
                "SELECT 1 FROM outbox WHERE aggregate = \(request.subject) AND published_at IS NOT NULL"
            ).isEmpty
        }
        return try await Self.event(request.subject, in: data)
    }

    @EventLoop fileprivate func report(
        of tenant: TenantSlug = tenant.slug, window: BlockedTime? = nil, known: [KnownAppointment] = [],
        calendarVersion: Int = 0
    ) async throws -> CloudEvent<AgendaReported> {
        try await answer(
            to: request(of: tenant, window: window, known: known, calendarVersion: calendarVersion))
    }

    @EventLoop private static func event<Payload: Event>(
        _ subject: String, in data: SchemaStore
    ) async throws -> CloudEvent<Payload> {
        let rows = try await data.query("SELECT body FROM outbox WHERE aggregate = \(subject)")
        return try JSONDecoder().decode(
            CloudEvent<Payload>.self, from: Data(rows[0].get("body", as: String.self).utf8))
    }
}
