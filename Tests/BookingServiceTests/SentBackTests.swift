import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@Suite("What was read")
struct SentBackTests {
    @Test("can be sent back, changed or not, by each route that replaces")
    func replacing() async throws {
        try await ClinicFixture.with { clinic in
            let day = clinic.day(5)
            let holiday = "/api/holidays/\(day)"
            let exception = "/api/practitioners/\(clinic.amina)/exceptions/\(day)"
            for (path, body) in [(holiday, #"{"name": "Fête"}"#), (exception, #"{"hours": []}"#)] {
                let made = try await clinic.service.call(
                    "PUT", path, token: try clinic.token(.manager), headers: ["If-None-Match": "*"], body: body)
                #expect(made.status == 200, "\(made.text)")
            }
            let lists = [
                (holiday, "/api/holidays?from=\(day)"),
                (exception, "/api/practitioners/\(clinic.amina)/exceptions?from=\(day)"),
                ("/api/care-types/consultation", "/api/care-types"),
            ]
            var read: [(path: String, body: String)] = []
            for path in ["/api/practitioners/\(clinic.amina)", "/api/rooms/\(clinic.room)", "/api/settings"] {
                read.append((path, try await clinic.ask("GET", path).text))
            }
            for (path, list) in lists {
                let items = try await clinic.ask("GET", list).decode(RawList.self).items
                let item = items.first { $0["careType"].map { $0 == .text("consultation") } ?? true }
                let found = try #require(item)
                read.append((path, String(decoding: try JSONEncoder().encode(found), as: UTF8.self)))
            }
            for (path, body) in read {
                let version = try #require(try version(in: body))
                let same = try await clinic.ask("PUT", path, seen: version, body)
                #expect(same.status == 200, "\(path): \(same.text)")
                let stale = try await clinic.ask("PUT", path, seen: version, body)
                #expect(stale.problem == "precondition-failed", "\(path): \(stale.text)")
                let other = body.replacing("\"version\":\(version)", with: "\"version\":\(version + 7)")
                let refused = try await clinic.service.call(
                    "PUT", path, token: try clinic.token(.manager), headers: ["If-Match": "*"], body: other)
                #expect(refused.status == 400 && refused.text.contains("/version"), "\(path): \(refused.text)")
            }
        }
    }

    @Test("can be sent back as a patch of a patient, and only what differs changes")
    func patching() async throws {
        try await ClinicFixture.with { clinic in
            let path = "/api/patients/\(try await clinic.register())"
            let read = try await clinic.ask("GET", path, as: .staff).text
            let body = read.replacing("Yasmine Benali", with: "Yasmine Kaci")
            let changed = try await clinic.ask("PATCH", path, as: .staff, seen: 1, body)
            #expect(changed.status == 200 && changed.text.contains("Yasmine Kaci"), "\(changed.text)")
            let foreign = read.replacing(#""id":""#, with: #""id":"0"#)
            #expect(try await clinic.ask("PATCH", path, as: .staff, seen: 2, foreign).problem == "invalid-body")
            #expect(try await clinic.ask("PATCH", path, as: .staff, seen: 2, #"{"age": 3}"#).problem == "invalid-body")
        }
    }

    @Test("of a care type can be sent back after one of its practitioners has left")
    func leftPractitioner() async throws {
        struct CareType: Decodable { let careType, label: String, practitioners: [UUID] }
        try await ClinicFixture.with { clinic in
            let gone = try await clinic.ask("DELETE", "/api/practitioners/\(clinic.karim)", seen: 1)
            #expect(gone.status == 200, "\(gone.text)")
            let list = try await clinic.ask("GET", "/api/care-types").decode(ListAnswer<CareType>.self).items
            let care = try #require(list.first { $0.careType == "consultation" })
            #expect(care.practitioners.count == 2 && care.label == "Consultation")
            let ids = care.practitioners.map { "\"\($0.uuidString.lowercased())\"" }.joined(separator: ", ")
            func body(_ practitioners: String, label: String = "") -> String {
                """
                {"durationMinutes": 45, "bufferBefore": 0, "bufferAfter": 0, "needsRoom": false, \(label)
                 "practitioners": [\(practitioners)], "rooms": []}
                """
            }
            let path = "/api/care-types/consultation"
            let set = try await clinic.ask("PUT", path, seen: 1, body(ids, label: "\"label\": \"Première visite\","))
            #expect(set.status == 200 && set.text.contains("Première visite"), "\(set.text)")
            let plain = try await clinic.ask("PUT", path, seen: 2, body("\"\(clinic.amina)\""))
            #expect(plain.status == 200 && plain.text.contains("\"label\":\"Consultation\""), "\(plain.text)")
            let back = try await clinic.ask("PUT", path, seen: 3, body(ids))
            #expect(back.status == 400 && back.text.contains("/practitioners/"), "\(back.text)")
        }
    }
}

/// Any JSON.
private enum RawValue: Codable, Equatable {
    case text(String), number(Int), flag(Bool), list([RawValue]), object([String: RawValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // The first type that fits.
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([RawValue].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: RawValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .list(let list): try container.encode(list)
        case .object(let object): try container.encode(object)
        }
    }
}

private struct RawList: Decodable { let items: [[String: RawValue]] }

/// The version in a JSON object; nil if it has none.
private func version(in body: String) throws -> Int? {
    struct Versioned: Decodable { let version: Int }
    return try JSONDecoder().decode(Versioned.self, from: Data(body.utf8)).version
}
