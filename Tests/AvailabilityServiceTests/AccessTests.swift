import EventLoop
import GuichetProtocol
import HTTPServer
import Primitives
import ServiceHost
import ServiceTesting
import Testing

@testable import AvailabilityService

@Suite("Who may do what at Availability")
struct AccessTests {
    private static let rules: [(String, String, Set<Role>)] = [
        ("GET", "slots", [.admin, .manager, .staff]),
        ("GET", "office", [.admin, .manager]),
        ("PUT", "office", [.admin, .manager]),
        ("POST", "alerts", [.admin, .manager, .staff, .patient]),
        ("GET", "alerts", [.admin, .manager, .staff, .patient]),
        ("DELETE", "alerts/{id}", [.admin, .manager, .staff, .patient]),
        ("GET", "publications", [.admin, .manager, .superAdmin]),
        ("GET", "anomalies", [.admin, .manager, .superAdmin]),
        ("GET", "days", [.admin, .manager, .superAdmin]),
        ("POST", "days/{day}/recalculate", [.admin, .manager, .superAdmin]),
        ("GET", "status", [.admin, .manager, .superAdmin]),
    ]

    @Test("each route lets in its roles and no other, and nobody without a token")
    func roles() async throws {
        try await Suite.with { suite in
            for (method, template, allowed) in Self.rules {
                let path = template.replacing("{id}", with: "\(UserID.new())").replacing("{day}", with: "2020-01-01")
                for role in Role.allCases {
                    let status = try await suite.ask(method, path, as: role).status
                    #expect((status == 403) == !allowed.contains(role), "\(method) \(path) as \(role): \(status)")
                }
                #expect(try await suite.availability.call(method, "/api/availability/\(path)").status == 401)
            }
            let known = Set(Self.rules.map { "\($0.0) /api/availability/\($0.1)" })
            let guarded = suite.availability.host.service.routes.filter {
                $0.access != .anyone && $0.template.description.hasPrefix("/api/availability/")
            }
            #expect(Set(guarded.map { "\($0.method.rawValue) \($0.template)" }) == known)
        }
    }

    @Test("another tenant is not there, whoever asks for it without running the installation")
    func otherTenant() async throws {
        try await Suite.with { suite in
            let other = try await suite.another().slug
            for (role, tenant) in [(Role.admin, other), (.manager, other), (.superAdmin, other)] {
                for path in ["publications", "anomalies", "days", "status"] {
                    let answer = try await suite.ask("GET", "\(path)?tenant=\(Suite.tenant.slug)", as: role, of: tenant)
                    #expect(answer.status == 404, "\(path) as \(role): \(answer.text)")
                }
            }
            let own = try await suite.publications(of: Suite.tenant.slug)
            let others = try await suite.publications(of: other)
            #expect(!own.isEmpty && own.isDisjoint(with: others))
            let day = try await suite.ask("GET", "days").decode(Listed<DayState>.self).items[2].day
            let recalculation = "days/\(day)/recalculate?tenant=\(Suite.tenant.slug)"
            #expect(try await suite.ask("POST", recalculation, of: other).status == 404)
            let unknown = try await suite.ask("GET", "status?tenant=cabinet-inconnu", as: .superAdmin, of: .platform)
            #expect(unknown.status == 404)
        }
    }
}

extension Suite {
    /// The events that a tenant's journal names.
    fileprivate func publications(of tenant: TenantSlug) async throws -> Set<EventID> {
        let answer = try await ask("GET", "publications?limit=100", of: tenant)
        return Set(try answer.decode(Listed<PublicationView>.self).items.map(\.eventId))
    }
}
