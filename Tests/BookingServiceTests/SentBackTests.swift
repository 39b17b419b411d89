import EventLoop
import Foundation
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
            // Settings first: each change of the calendar raises their version.
            for path in ["/api/settings", "/api/practitioners/\(clinic.amina)", "/api/rooms/\(clinic.room)"] {
                read.append((path, try await clinic.ask("GET", path).text))
            }
            for (path, list) in lists {
                read.append((path, try item(of: await clinic.ask("GET", list).body, at: path)))
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

/// The item of a list that a path names, as JSON.
private func item(of list: [UInt8], at path: String) throws -> String {
    let object = try #require(try JSONSerialization.jsonObject(with: Data(list)) as? [String: Any])
    let items = try #require(object["items"] as? [[String: Any]])
    let item = try #require(
        items.first { $0["careType"] as? String == nil || path.hasSuffix("\($0["careType"] ?? "")") })
    return String(decoding: try JSONSerialization.data(withJSONObject: item, options: .sortedKeys), as: UTF8.self)
}

/// The version in a JSON object; nil if it has none.
private func version(in body: String) throws -> Int? {
    struct Versioned: Decodable { let version: Int }
    return try JSONDecoder().decode(Versioned.self, from: Data(body.utf8)).version
}
