import AvailabilityDomain
import FoundationEssentials
import GuichetProtocol
import Idempotency
import Primitives
import ServiceHost
import ServiceTesting
import Testing

@testable import AvailabilityService

/// A resource as its readers see it: what this suite's tests look at.
struct SeenResource: Decodable, Sendable {
    struct Reference: Decodable, Sendable { let reference: String }
    struct Coding: Decodable, Sendable { let system, code, display: String }
    struct Concept: Decodable, Sendable { let coding: [Coding] }
    struct Extension: Decodable, Sendable {
        let url: String
        let valueUrl, valueString: String?
    }

    struct Horizon: Decodable, Sendable { let start, end: Instant }
    struct Naming: Decodable, Sendable { let system, value: String }
    struct Address: Decodable, Sendable { let city: String, state, postalCode: String? }

    let resourceType, id: String
    let status, comment: String?
    let start, end: Instant?
    let planningHorizon: Horizon?
    let identifier: [Naming]?
    let address: Address?
    let schedule: Reference?
    let actor: [Reference]?
    let serviceType: [Concept]?
    let `extension`: [Extension]?

    var link: String? { `extension`?.first { $0.url.hasSuffix("/booking-deep-link") }?.valueUrl }
    var phone: String? { `extension`?.first { $0.url.hasSuffix("/booking-phone") }?.valueString }
}

/// A bundle as its readers see it, of one kind of resource.
struct SeenBundle: Decodable, Sendable {
    struct Entry: Decodable, Sendable {
        struct Search: Decodable, Sendable { let mode: String }
        let fullUrl: String
        let resource: SeenResource
        let search: Search
    }
    struct Link: Decodable, Sendable { let relation, url: String }

    let resourceType, type: String
    let total: Int
    let link: [Link]
    let entry: [Entry]?

    var resources: [SeenResource] { (entry ?? []).map(\.resource) }
    func link(_ relation: String) -> String? { link.first { $0.relation == relation }?.url }
}

extension Suite {
    static let fhir = "/api/fhir/\(tenant.slug)"

    /// Opens the tenant to the public with a telephone and an address for appointments, or closes it.
    func decide(
        isOpen: Bool = true, phone: String? = "+213551234567", bookingURL: String? = "https://rdv.exemple.dz/?lieu=1",
        state: String? = nil
    ) async throws {
        let office = Office(
            isOpen: isOpen, city: try #require(City("Béjaïa")), state: state.flatMap { StateName($0) },
            phone: phone.flatMap { PhoneNumber($0) }, bookingURL: bookingURL.flatMap { WebAddress($0) },
            latencyLimit: .standard)
        _ = try await availability.host.service.decideOffice(office, for: Self.tenant.slug, if: .anyVersion)
    }

    /// The same instant as ``instant(_:_:days:)``, as the clinic's clock shows it.
    func local(_ hour: Int, _ minute: Int = 0, days: Int = 1) -> String {
        OffsetDateTime(instant(hour, minute, days: days), secondsEast: 3600).description
    }

    /// What a standard's route answers with 200.
    func read(_ path: String, headers: [String: String] = [:]) async throws -> TestAnswer {
        let answer = try await availability.call("GET", path, headers: headers)
        try #require(answer.status == 200, "\(path): \(answer.text)")
        return answer
    }

    /// The path of the file that holds the slots of the day after today.
    var slotFile: String {
        let tomorrow = LocalDay(daysSinceEpoch: Int((instant(12).seconds + 3600) / 86_400))
        let monday = tomorrow.advanced(by: 1 - tomorrow.weekday.rawValue)
        return "/api/availability/bulk/slots/\(Self.tenant.slug)/\(monday)"
    }
}

extension TestAnswer {
    /// The resources of a file with one a line.
    var lines: [SeenResource] {
        get throws {
            try text.split(separator: "\n", omittingEmptySubsequences: true).map { line in
                try JSONDecoder().decode(SeenResource.self, from: Data(line.utf8))
            }
        }
    }
}
