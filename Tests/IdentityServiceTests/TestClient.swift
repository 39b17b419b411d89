import Foundation
import FoundationNetworking
import Testing

/// Speaks HTTP with one service.
struct TestClient: Sendable {
    let port: UInt16

    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let text: String

        func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
            do {
                return try JSONDecoder().decode(type, from: Data(text.utf8))
            } catch {
                Issue.record("\(status) \(text)")
                throw error
            }
        }

        /// The slug of the problem; nil when it is none.
        var problem: String? {
            guard headers["content-type"] == "application/problem+json",
                let type = text.firstMatch(of: /"type":\s*"https:\/\/guichet.dev\/problems\/([a-z-]+)"/)
            else { return nil }
            return String(type.1)
        }
    }

    func get(_ path: String, token: String? = nil, headers: [String: String] = [:]) async throws -> Answer {
        try await send("GET", path, token: token, headers: headers)
    }

    func post(
        _ path: String, _ body: some Encodable, token: String? = nil, key: String? = nil
    ) async throws -> Answer {
        try await send(
            "POST", path, body: try json(body), token: token,
            headers: key.map { ["Idempotency-Key": $0] } ?? [:])
    }

    func patch(_ path: String, _ body: some Encodable, token: String, ifMatch: String) async throws -> Answer {
        try await send(
            "PATCH", path, body: try json(body), token: token, headers: ["If-Match": ifMatch])
    }

    /// The same bytes for the same value: a repeated request must be the same to the letter.
    private func json(_ body: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Array(try encoder.encode(body))
    }

    func send(
        _ method: String, _ path: String, body: [UInt8]? = nil, token: String? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)\(path)")))
        request.httpMethod = method
        if let body {
            request.httpBody = Data(body)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await session.data(for: request)
        let answer = try #require(response as? HTTPURLResponse)
        let fields = answer.allHeaderFields.map { ("\($0.key)".lowercased(), "\($0.value)") }
        return Answer(
            status: answer.statusCode, headers: Dictionary(fields) { first, _ in first },
            text: String(decoding: data, as: UTF8.self))
    }
}

private let session: URLSession = {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpMaximumConnectionsPerHost = 32
    configuration.urlCache = nil
    return URLSession(configuration: configuration)
}()
