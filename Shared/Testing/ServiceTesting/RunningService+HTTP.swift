import Foundation
import FoundationNetworking

/// An answer of a service under test.
package struct TestAnswer: Sendable {
    /// The HTTP status.
    package let status: Int
    /// By name in lower case.
    package let headers: [String: String]
    /// The body, unchanged; empty if there is none.
    package let body: [UInt8]

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a value.
    package func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T {
        try JSONDecoder().decode(T.self, from: Data(body))
    }

    /// The slug of a problem; nil if the answer is not a problem.
    package var problem: String? {
        struct Problem: Decodable { let type: String }
        guard headers["content-type"] == "application/problem+json" else { return nil }
        return (try? decode(Problem.self)).flatMap { $0.type.split(separator: "/").last.map(String.init) }
    }
}

extension RunningService {
    /// Sends one request over a real connection.
    package func call(
        _ method: String, _ path: String, token: String? = nil, headers: [String: String] = [:], body: String? = nil
    ) async throws -> TestAnswer {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.timeoutInterval = 120
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        if let body {
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            request.httpBody = Data(body.utf8)
        }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await session.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        var fields: [String: String] = [:]
        for (name, value) in response.allHeaderFields { fields["\(name)".lowercased()] = "\(value)" }
        return TestAnswer(status: response.statusCode, headers: fields, body: Array(data))
    }
}

private let session: URLSession = {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpMaximumConnectionsPerHost = 32
    configuration.urlCache = nil
    return URLSession(configuration: configuration)
}()
