import EventLoop
import FoundationEssentials
import Glibc
import Testing

/// An HTTP client that sends one request over one connection.
struct TestClient: Sendable {
    private static let threads = BlockingPool(threads: 32, waiting: 256)

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
            "POST", path, body: Array(try JSONEncoder().encode(body)), token: token,
            headers: key.map { ["Idempotency-Key": $0] } ?? [:])
    }

    func patch(_ path: String, _ body: some Encodable, token: String, ifMatch: String) async throws -> Answer {
        try await send(
            "PATCH", path, body: Array(try JSONEncoder().encode(body)), token: token, headers: ["If-Match": ifMatch])
    }

    func send(
        _ method: String, _ path: String, body: [UInt8]? = nil, token: String? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        let (request, port) = (Array("\(head)\r\n".utf8) + (body ?? []), self.port)
        return try Self.answer(in: try await Self.threads.run { try Self.exchange(request, port: port) })
    }

    private static func exchange(_ request: [UInt8], port: UInt16) throws -> [UInt8] {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0, write(descriptor, request, request.count) == request.count else { throw Refused() }
        var (answer, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 16_384))
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 { answer += buffer[..<count] }
        return answer
    }

    private struct Refused: Error {}

    private static func answer(in bytes: [UInt8]) throws -> Answer {
        let text = String(decoding: bytes, as: UTF8.self)
        let end = try #require(text.firstRange(of: "\r\n\r\n"), "no answer: \(text)")
        var lines = text[..<end.lowerBound].split(separator: "\r\n")
        let status = try #require(Int(lines.removeFirst().split(separator: " ")[1]))
        let fields = lines.map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (parts[0].lowercased(), String(parts[1].drop { $0 == " " }))
        }
        return Answer(
            status: status, headers: Dictionary(fields) { first, _ in first }, text: String(text[end.upperBound...]))
    }
}
