package import AMQP
import EventLoop
import FoundationEssentials
import Glibc

/// The RabbitMQ for the tests, with a separate vhost for each test.
package struct TestBroker: Sendable {
    /// What the tests need in order to run, as a sentence.
    package struct Missing: Error, CustomStringConvertible { package let description: String }

    /// The name of the vhost.
    package let vhost: String
    private let address: URLComponents
    private let management: ManagementClient

    /// Lends a vhost and deletes it afterwards.
    package static func withVhost<T: Sendable>(_ body: (TestBroker) async throws -> T) async throws -> T {
        let broker = try TestBroker()
        try await broker.management.call("PUT", "/api/vhosts/\(broker.vhost)")
        do {
            let value = try await body(broker)
            try await broker.management.call("DELETE", "/api/vhosts/\(broker.vhost)")
            return value
        } catch {
            try await broker.management.call("DELETE", "/api/vhosts/\(broker.vhost)")
            throw error
        }
    }

    /// The address of the vhost.
    package var url: String {
        var address = address
        address.path = "/\(vhost)"
        return address.string ?? ""
    }

    /// The account that the tests connect with.
    package var account: String { address.user ?? "" }

    private init() throws {
        vhost = "test-\(UUID().uuidString.lowercased())"
        address = try Self.variable("GUICHET_TEST_AMQP_URL", "amqp://user:password@host:port/vhost")
        management = ManagementClient(
            try Self.variable("GUICHET_TEST_AMQP_MANAGEMENT_URL", "http://user:password@host:port"))
    }

    private static func variable(_ name: String, _ form: String) throws -> URLComponents {
        guard let text = ProcessInfo.processInfo.environment[name], let parts = URLComponents(string: text) else {
            throw Missing(description: "these tests need a RabbitMQ: set \(name) to \(form)")
        }
        return parts
    }

    /// A configuration for the vhost, with short pauses between attempts.
    package func configuration(named name: String = "test", password: String? = nil, port: Int? = nil) throws
        -> AMQPConfiguration
    {
        var address = address
        address.path = "/\(vhost)"
        if let password { address.password = password }
        if let port { address.port = port }
        var configuration = try AMQPConfiguration(url: address.string ?? "", connectionName: "\(vhost) \(name)")
        configuration.reconnectDelay = .milliseconds(20) ... .milliseconds(200)
        return configuration
    }

    /// A configuration for the vhost over TLS that trusts the authorities in a file: by default the issuer of the
    /// broker's certificate.
    package func tlsConfiguration(trusting authorities: String? = nil, host: String = "localhost") throws
        -> AMQPConfiguration
    {
        let environment = ProcessInfo.processInfo.environment
        guard let port = environment["GUICHET_TEST_AMQP_TLS_PORT"].flatMap(Int.init),
            let authority = environment["GUICHET_GATEWAY_CA_FILE"]
        else { throw Missing(description: "these tests need GUICHET_TEST_AMQP_TLS_PORT and GUICHET_GATEWAY_CA_FILE") }
        var address = address
        (address.scheme, address.host, address.port, address.path) = ("amqps", host, port, "/\(vhost)")
        address.queryItems = [URLQueryItem(name: "cacertfile", value: authorities ?? authority)]
        var configuration = try AMQPConfiguration(url: address.string ?? "", connectionName: "\(vhost) tls")
        configuration.reconnectDelay = .milliseconds(20) ... .milliseconds(200)
        return configuration
    }

    /// Returns a connected publisher. Declare the same topology elsewhere only afterwards: RabbitMQ 3.10 refuses the
    /// first messages to a quorum queue that two connections declare in the same instant.
    package func publisher(named name: String = "test", declaring topology: Topology) async throws -> AMQPPublisher {
        let states = Journal<ConnectionState>()
        let publisher = AMQPPublisher(
            try configuration(named: name), declaring: topology,
            observer: AMQPObserver(stateChanged: { states.record($0) }))
        try await states.wait { $0.contains(.connected) }
        return publisher
    }

    /// This test's connections whose name ends in `name`, by the broker's names, once it lists one.
    package func connections(named name: String) async throws -> [String] {
        struct Connection: Decodable {
            struct Properties: Decodable { let connection_name: String? }
            let name: String
            let client_properties: Properties
        }
        while true {
            let body = try await management.call("GET", "/api/vhosts/\(vhost)/connections")
            let connections = try JSONDecoder().decode([Connection].self, from: Data(body)).filter {
                $0.client_properties.connection_name == "\(vhost) \(name)"
            }
            if !connections.isEmpty { return connections.map(\.name) }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// All connections of the vhost that the broker lists now; new ones are listed after some seconds.
    package func allConnections() async throws -> [String] {
        struct Connection: Decodable { let name: String }
        let body = try await management.call("GET", "/api/vhosts/\(vhost)/connections")
        return try JSONDecoder().decode([Connection].self, from: Data(body)).map(\.name)
    }

    /// Closes connections, as an operator would.
    package func close(_ connections: [String]) async throws {
        for name in connections {
            let path = name.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            try await management.call("DELETE", "/api/connections/\(path)")
        }
    }

    /// Deletes a queue, as an operator would.
    package func deleteQueue(_ name: String) async throws {
        try await management.call("DELETE", "/api/queues/\(vhost)/\(name)")
    }
}

/// A client of RabbitMQ's management API, limited to the tests' needs: HTTP/1.0, one connection a call.
private struct ManagementClient: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    private static let pool = BlockingPool(threads: 4, waiting: 64)
    private let host: String
    private let port: Int
    private let authorization: String

    init(_ address: URLComponents) {
        host = address.host ?? "localhost"
        port = address.port ?? 15672
        authorization = Data("\(address.user ?? "guest"):\(address.password ?? "guest")".utf8).base64EncodedString()
    }

    @discardableResult
    func call(_ method: String, _ path: String) async throws -> [UInt8] {
        let answer = try await Self.pool.run {
            try exchange(
                "\(method) \(path) HTTP/1.0\r\nauthorization: Basic \(authorization)\r\ncontent-length: 0\r\n\r\n")
        }
        guard let end = answer.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw Failure(description: "\(method) \(path): no answer")
        }
        let status = String(decoding: answer.prefix { $0 != 13 }, as: UTF8.self)
        // 404: the connection or queue no longer exists.
        guard status.contains(" 20") || status.contains(" 404") else {
            throw Failure(description: "\(method) \(path): \(status)")
        }
        return Array(answer[end.upperBound...])
    }

    private func exchange(_ request: String) throws -> [UInt8] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let found else {
            throw Failure(description: "\(host) is unknown")
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(found.pointee.ai_family, found.pointee.ai_socktype, 0)
        defer { close(descriptor) }
        guard connect(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 else {
            throw Failure(description: "nothing listens on \(host):\(port)")
        }
        let bytes = Array(request.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else { throw Failure(description: "write failed") }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return answer }
            answer += buffer[..<count]
        }
    }
}

extension Array {
    /// Transforms the elements one after the other.
    package func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var results: [T] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
