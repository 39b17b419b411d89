import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import BookingService

@Suite("The end of the retention")
struct RetentionTests {
    @Test("erases patients who have not come for seven years or never came, and no others")
    func forgetting() async throws {
        try await ClinicFixture.with { clinic in
            let gone = try await Self.patient("Gone", registered: 9, came: 8, clinic)
            let never = try await Self.patient("Never", registered: 8, clinic)
            let rare = try await Self.patient("Rare", registered: 9, came: 6, clinic)
            let expected = try await Self.patient("Expected", registered: 9, came: 0, clinic)
            let new = try await Self.patient("New", registered: 6, clinic)
            let job = clinic.service.host.service.endRetention
            for _ in 0..<2 { try await job.run() }
            #expect(try await Self.known(clinic) == [rare, expected, new])
            let kept = try await clinic.data.query("SELECT 1 FROM appointments WHERE patient = \(gone)")
            #expect(kept.count == 1)
            for id in [gone, never] {
                let lines = try await clinic.data.query(
                    "SELECT actor, role FROM access_audit WHERE patient = \(id) AND action = 'erase'")
                #expect(try lines.map { try $0.get("role") as String } == ["retention"])
                #expect(try lines[0].find("actor", as: UserID.self) == nil)
                let shown = try await clinic.ask("GET", "/api/patients/\(id)/accesses", as: .admin)
                #expect(shown.status == 200 && shown.text.contains("\"retention\""), "\(shown.text)")
            }
        }
    }

    @Test("drops lines of the audit that are older, and keeps the others")
    func lines() async throws {
        try await ClinicFixture.with { clinic in
            let id = try await clinic.register()
            _ = try await clinic.ask("GET", "/api/patients/\(id)", as: .staff)
            try await clinic.data.query(
                "UPDATE access_audit SET at = now() - interval '7 years 1 day' WHERE action = 'register'")
            try await clinic.service.host.service.endRetention.run()
            let left = try await clinic.data.query("SELECT action FROM access_audit")
            #expect(try left.map { try $0.get("action") as String } == ["read"])
        }
    }

    @Test("takes a few at a time, the oldest first")
    func bound() async throws {
        try await ClinicFixture.with { clinic in
            var patients: [PatientID] = []
            for years in [8, 10, 9] {
                patients.append(try await Self.patient("Patient \(years)", registered: years, clinic))
            }
            var job = clinic.service.host.service.endRetention
            job.patientsAtOnce = 2
            try await job.run()
            #expect(try await Self.known(clinic) == [patients[0]])
            try await job.run()
            #expect(try await Self.known(clinic).isEmpty)
        }
    }

    @Test("a failure for one tenant does not affect the others, and is reported")
    func trouble() async throws {
        let broken = ["aa-cabinet", "zz-cabinet"].map { (slug: TenantSlug) in
            TenantProfile(
                id: .new(), slug: slug, name: "Cabinet", address: "Alger", timeZone: "Africa/Algiers",
                locale: "fr-DZ", phoneCountry: "DZ", database: "main")
        }
        try await ClinicFixture.with(beside: broken) { clinic in
            _ = try await Self.patient("Gone", registered: 8, clinic)
            for tenant in broken {
                let store = try await clinic.service.host.platform.directory.store(for: tenant.slug)
                try await store.data.query("ALTER TABLE patients RENAME TO elsewhere")
            }
            let fault = await #expect(throws: SchemaFaults.self) {
                try await clinic.service.host.service.endRetention.run()
            }
            for tenant in broken { #expect(fault?.debugDescription.contains(tenant.slug.description) == true) }
            #expect(try await Self.known(clinic).isEmpty)
        }
    }

    /// A patient registered so many years ago, with an appointment so many years ago; tomorrow for 0.
    @EventLoop private static func patient(
        _ name: String, registered: Int, came: Int? = nil, _ clinic: ClinicFixture
    ) async throws -> PatientID {
        let id = try await clinic.register(name)
        try await clinic.data.query(
            "UPDATE patients SET created_at = now() - make_interval(years => \(registered)::int) WHERE id = \(id)")
        guard let came else { return id }
        let start = clinic.instant(9 + came)
        let booked = try await clinic.ask(
            "POST", "/api/appointments/create", as: .staff,
            #"{"careType": "consultation", "start": "\#(start)", "patientId": "\#(id)"}"#)
        try #require(booked.status == 201, "\(booked.text)")
        if came > 0 {
            try await clinic.data.query(
                """
                WITH past AS (SELECT make_interval(years => \(came)::int) AS ago)
                UPDATE appointments SET status = 'completed', starts_at = starts_at - ago, ends_at = ends_at - ago,
                    blocked_from = blocked_from - ago, blocked_to = blocked_to - ago
                FROM past WHERE patient = \(id)
                """)
        }
        return id
    }

    /// Those who are still known, in the order of their registration here.
    @EventLoop private static func known(_ clinic: ClinicFixture) async throws -> [PatientID] {
        try await clinic.data.query("SELECT id FROM patients WHERE erased_at IS NULL ORDER BY id").map {
            try $0.get("id")
        }
    }
}
