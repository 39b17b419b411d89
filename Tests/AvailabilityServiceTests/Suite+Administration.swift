import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import AvailabilityService

extension Suite {
    /// Asks Availability with a token of this role.
    func ask(
        _ method: String, _ path: String, as role: Role = .manager, of tenant: TenantSlug = Suite.tenant.slug,
        user: UserID = .new(), headers: [String: String] = [:], body: String? = nil
    ) async throws -> TestAnswer {
        let path = path.hasPrefix("/") ? path : "/api/availability/\(path)"
        return try await availability.call(
            method, path, token: availability.token(role, of: tenant, user: user), headers: headers, body: body)
    }

    /// The events of one kind that Availability has recorded, the oldest first.
    func told<Payload: Event>(_ payload: Payload.Type, of tenant: TenantSlug = Suite.tenant.slug) async throws
        -> [CloudEvent<Payload>]
    {
        let data = try await availability.host.platform.directory.store(for: tenant).data
        return try await data.query("SELECT body FROM outbox ORDER BY position").compactMap { row in
            let body = Data(try row.get("body", as: String.self).utf8)
            let type = try JSONDecoder().decode(EventAttributes.self, from: body).type
            return type == Payload.name.type ? try JSONDecoder().decode(CloudEvent<Payload>.self, from: body) : nil
        }
    }

    /// What the tenant decides in the tests, with one member in place of another.
    func settings(_ changes: [String: String] = [:]) -> String {
        let standard = [
            "isOpen": "true", "city": "\"Béjaïa\"", "phone": "\"+213551234567\"", "latencyLimitMilliseconds": "2000",
        ]
        let members = standard.merging(changes) { $1 }.map { "\"\($0)\": \($1)" }
        return "{\(members.joined(separator: ", "))}"
    }
}

/// An answer that is a page.
struct Listed<Item: Decodable & Sendable>: Decodable, Sendable {
    let items: [Item]
    let next: String?
}
