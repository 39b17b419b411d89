import EventLoop
import GuichetProtocol
import HTTPServer
import Primitives
import ServiceHost
import ServiceTesting
import Testing

@testable import BookingService

@Suite("Who may do what")
struct AdministrationAccessTests {
    /// Which of these roles each route lets in, beside the routes of slots and appointments.
    private static let rules: [(String, String, Set<Role>)] = [
        ("GET", "/api/{resources}", [.admin, .manager, .staff]),
        ("POST", "/api/{resources}", [.admin, .manager]),
        ("PUT", "/api/{resources}/{id}", [.admin, .manager]),
        ("DELETE", "/api/{resources}/{id}", [.admin, .manager]),
        ("PUT", "/api/{resources}/{id}/exceptions/2026-11-20", [.admin, .manager]),
        ("GET", "/api/{resources}/{id}/exceptions", [.admin, .manager, .staff]),
        ("PUT", "/api/holidays/2026-11-20", [.admin, .manager]),
        ("PUT", "/api/care-types/soin", [.admin, .manager]),
        ("PUT", "/api/settings", [.admin, .manager]),
        ("GET", "/api/settings", [.admin, .manager, .staff]),
        ("GET", "/api/statistics", [.admin, .manager]),
        ("GET", "/api/patients", [.admin, .manager, .staff]),
        ("GET", "/api/patients/{id}", [.admin, .manager, .staff, .patient]),
        ("DELETE", "/api/patients/{id}", [.admin]),
        ("GET", "/api/patients/{id}/export", [.admin, .manager, .patient]),
        ("GET", "/api/patients/{id}/accesses", [.admin, .manager, .patient]),
        ("POST", "/api/practitioners/{id}/feed", [.admin, .manager]),
        ("GET", "/api/calendar/practitioners/{id}", [.admin, .manager, .staff]),
        ("POST", "/api/appointments", [.admin, .manager, .staff, .patient]),
    ]

    @Test("each route admits its roles and no other, and no request without a token")
    func roles() async throws {
        try await ClinicFixture.with { clinic in
            for (method, template, allowed) in Self.rules {
                for resources in template.contains("{resources}") ? ["practitioners", "rooms"] : [""] {
                    let path = template.replacing("{resources}", with: resources)
                        .replacing("{id}", with: "\(UserID.new())")
                    for role in Role.allCases {
                        let status = try await clinic.ask(method, path, as: role).status
                        #expect((status == 403) == !allowed.contains(role), "\(method) \(path) as \(role): \(status)")
                    }
                    #expect(try await clinic.service.call(method, path).status == 401)
                }
            }
        }
    }

    @Test("every route is documented, the strict request by the names of its specification")
    func documented() async throws {
        try await ClinicFixture.with { clinic in
            let document = try await clinic.service.call("GET", "/openapi.json").text
            for route in clinic.service.host.service.routes {
                #expect(document.contains("\"\(route.template)\""), "\(route.template)")
            }
            for field in ["clinic_address", "phone_e164", "start_iso", "duration_minutes", "available_slots"] {
                #expect(document.contains("\"\(field)\""))
            }
        }
    }

    @Test("another tenant's things are not there")
    func otherTenant() async throws {
        var other = ClinicFixture.tenant
        (other.id, other.slug) = (.new(), "cabinet-oran")
        let tenants = [ClinicFixture.tenant, other]
        try await RunningService<BookingService>.with(tenants) { service in
            let clinic = ClinicFixture(service: service)
            struct Made: Decodable { let id: UserID }
            let doctor = try await clinic.ask("POST", "/api/practitioners", #"{"name": "Dr Lina", "hours": {}}"#)
            let practitioner = try doctor.decode(Made.self).id
            let patient = try await clinic.register()
            for path in [
                "/api/practitioners/\(practitioner)", "/api/practitioners/\(practitioner)/exceptions",
                "/api/calendar/practitioners/\(practitioner)", "/api/patients/\(patient)",
                "/api/patients/\(patient)/consents", "/api/patients/\(patient)/export",
                "/api/patients/\(patient)/accesses",
            ] {
                #expect(try await clinic.ask("GET", path).status == 200)
                let token = try service.token(.admin, of: other.slug)
                #expect(try await service.call("GET", path, token: token).status == 404, "\(path)")
                let stranger = try service.token(.admin, of: "cabinet-inconnu")
                #expect(try await service.call("GET", path, token: stranger).status == 404, "\(path)")
            }
        }
    }
}
