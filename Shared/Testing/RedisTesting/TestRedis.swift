package import EventLoop
import FoundationEssentials
import Glibc
package import Redis

/// A `redis-server` for one test, which the test may kill, freeze and restart.
@EventLoop
package final class TestRedis {
    private static let pool = BlockingPool(threads: 4, waiting: 256)

    private let port: Int
    private let password: String?
    private var process: ServerProcess?

    /// Lends a running server and ends it afterwards.
    package static func with<T: Sendable>(
        password: String? = nil, _ body: @EventLoop (TestRedis) async throws -> T
    ) async throws -> T {
        let server = try await start(password: password)
        defer { server.kill() }
        return try await body(server)
    }

    /// The address of the server, which stays the same during the test.
    package var url: String {
        var address = URLComponents()
        (address.scheme, address.host, address.port) = ("redis", "127.0.0.1", port)
        if let password { (address.user, address.password) = ("default", password) }
        return address.string ?? ""
    }

    /// A configuration for the server, with short pauses between attempts and a deadline that only a frozen server
    /// misses.
    package var configuration: RedisConfiguration {
        get throws {
            var configuration = try RedisConfiguration(url: url)
            configuration.commandDeadline = .seconds(20)
            configuration.reconnectDelay = .milliseconds(5) ... .milliseconds(50)
            return configuration
        }
    }

    /// Lends a connected client of the server.
    package func withClient<T: Sendable>(_ body: @EventLoop (RedisClient) async throws -> T) async throws -> T {
        try await RedisClient.with(configuration, body)
    }

    /// Kills the server, as in a crash. Its data is lost.
    package func kill() {
        process?.kill()
        process = nil
    }

    /// Starts the server again, on its old port; returns once it answers.
    package func restart() async throws {
        kill()
        let (port, password) = (port, password)
        process = try await Self.pool.run { try ServerProcess(port: port, password: password) }
    }

    /// Suspends the server: it keeps its connections and the system accepts more, but nothing is answered.
    package func freeze() { process?.freeze() }

    /// Resumes a frozen server.
    package func thaw() { process?.thaw() }

    private init(port: Int, password: String?) { (self.port, self.password) = (port, password) }

    /// Another process may take the port between the choice and the start: then another one is chosen.
    private static func start(password: String?) async throws -> TestRedis {
        for attempt in 1... {
            let server = TestRedis(port: freePort(), password: password)
            do {
                try await server.restart()
                return server
            } catch  where attempt < 10 {
                continue
            }
        }
        preconditionFailure("the last attempt returns or throws")
    }

    /// Below the ports that the system assigns to clients: a client that connects to an unused port in that range may
    /// be assigned the same port, and talk to itself.
    private static func freePort() -> Int {
        while true {
            let port = Int.random(in: 10_000...19_999)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
            let code = withUnsafePointer(to: address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if code == 0 { return port }
        }
    }
}
