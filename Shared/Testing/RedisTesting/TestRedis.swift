package import EventLoop
import FoundationEssentials
import Glibc
package import Redis

/// A `redis-server` of one test's own, which the test may kill, freeze and start again.
@EventLoop
package final class TestRedis {
    private static let pool = BlockingPool(threads: 4, waiting: 256)

    private let port: Int
    private let password: String?
    private var process: ServerProcess?

    /// Lends a server that answers, and ends it afterwards.
    package static func with<T: Sendable>(
        password: String? = nil, _ body: @EventLoop (TestRedis) async throws -> T
    ) async throws -> T {
        let server = try await start(password: password)
        defer { server.kill() }
        return try await body(server)
    }

    /// The address of the server, the same for as long as the test lasts.
    package var url: String {
        var address = URLComponents()
        (address.scheme, address.host, address.port) = ("redis", "127.0.0.1", port)
        if let password { (address.user, address.password) = ("default", password) }
        return address.string ?? ""
    }

    /// How to connect to the server, with short pauses between attempts and a deadline that only a frozen server misses.
    package var configuration: RedisConfiguration {
        get throws {
            var configuration = try RedisConfiguration(url: url)
            configuration.commandDeadline = .seconds(20)
            configuration.reconnectDelay = .milliseconds(5) ... .milliseconds(50)
            return configuration
        }
    }

    /// Lends a client of the server that is connected.
    package func withClient<T: Sendable>(_ body: @EventLoop (RedisClient) async throws -> T) async throws -> T {
        try await RedisClient.with(configuration, body)
    }

    /// Ends the server as a crash would. What it held is gone.
    package func kill() {
        process?.kill()
        process = nil
    }

    /// Starts the server anew, on its old port; returns once it answers.
    package func restart() async throws {
        kill()
        let (port, password) = (port, password)
        process = try await Self.pool.run { try ServerProcess(port: port, password: password) }
    }

    /// Stops the server where it is: it keeps its connections and the system accepts more, but nothing is answered.
    package func freeze() { process?.freeze() }

    /// Lets a frozen server go on.
    package func thaw() { process?.thaw() }

    private init(port: Int, password: String?) { (self.port, self.password) = (port, password) }

    /// The port may be taken by somebody else between the choice and the start: then another one is chosen.
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

    /// Below the ports that the system gives to clients: one that connects to a port of theirs while nobody listens there
    /// may get that very port, and talk to itself.
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
