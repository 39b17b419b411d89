import EventLoop
import Foundation
import ServiceTesting

@testable import IdentityService

extension RunningService where Hosted == IdentityService {
    func get(_ path: String, token: String? = nil, headers: [String: String] = [:]) async throws -> TestAnswer {
        try await call("GET", path, token: token, headers: headers)
    }

    func post(_ path: String, _ body: some Encodable, token: String? = nil, key: String? = nil) async throws
        -> TestAnswer
    {
        try await call(
            "POST", path, token: token, headers: key.map { ["Idempotency-Key": $0] } ?? [:], body: json(body))
    }

    func patch(_ path: String, _ body: some Encodable, token: String, ifMatch: String) async throws -> TestAnswer {
        try await call("PATCH", path, token: token, headers: ["If-Match": ifMatch], body: json(body))
    }

    func delete(_ path: String, token: String) async throws -> TestAnswer {
        try await call("DELETE", path, token: token)
    }

    /// Equal values become equal texts, as a repeated request must not differ from the first.
    private func json(_ body: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(body), as: UTF8.self)
    }
}
