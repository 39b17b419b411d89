package import EventLoop
package import Postgres
package import Primitives

/// The PostgreSQL servers that hold tenants, by name, each with a pool and optionally a read replica.
@EventLoop
package final class DatabaseServers {
    /// The configuration of one server.
    package struct Server: Sendable {
        /// The server's name in the registry of tenants.
        package let name: String
        /// The connection to the server.
        package let primary: PostgresConfiguration
        /// A read replica, which may lag behind; nil if there is none.
        package let replica: PostgresConfiguration?

        /// A small pool, for work that no client waits for.
        var background: PostgresConfiguration {
            var configuration = primary
            configuration.poolSize = 8
            configuration.waitingTime = .seconds(10)
            return configuration
        }

        package init(name: String, primary: PostgresConfiguration, replica: PostgresConfiguration? = nil) {
            (self.name, self.primary, self.replica) = (name, primary, replica)
        }
    }

    /// The pools and the script runner of one server.
    struct Connections {
        let primary: PostgresClient
        /// A separate pool, so that many requests cannot delay background work: the outbox, expiry, announcements.
        let background: PostgresClient
        let replica: ReadReplica?
        let scripts: ScriptRunner
        let clock: ServerClock
        /// The clock that instants of the suite are read from.
        let homeClock: ServerClock

        /// When it is `instant` of the home server, by the clock of this one.
        func local(_ instant: Instant) -> Instant {
            clock === homeClock ? instant : instant + (clock.now - homeClock.now)
        }
    }

    private let connections: [String: Connections]
    /// The first server: it also holds the service's own schema.
    let home: Connections

    /// The clock of the home server, by which the suite reads the time.
    nonisolated package let clock: ServerClock

    /// - Parameters:
    ///   - servers: at least one; the first one holds the service's own schema.
    ///   - machine: the clock of this machine.
    package init(_ servers: [Server], machine: WallClock = .system) {
        precondition(!servers.isEmpty, "a service needs a database server")
        let clocks = servers.map { _ in ServerClock(machine: machine) }
        clock = clocks[0]
        let made = zip(servers, clocks).map { server, clock in
            Connections(
                primary: PostgresClient(server.primary), background: PostgresClient(server.background),
                replica: server.replica.map(ReadReplica.init),
                // Threads of its own: scripts that wait for a silent server must not delay those of the others.
                scripts: ScriptRunner(server.primary, on: BlockingPool(threads: 4, waiting: 4096)), clock: clock,
                homeClock: clocks[0])
        }
        names = servers.map(\.name)
        connections = Dictionary(uniqueKeysWithValues: zip(names, made))
        home = made[0]
    }

    /// The names of the servers, home first.
    package let names: [String]

    /// Nil if no server of that name is configured here.
    func connections(to name: String) -> Connections? { connections[name] }

    /// The figures of all pools, by server name, with the suffix `-background` or `-replica` for those pools.
    package var statistics: [String: PostgresClient.Statistics] {
        var all: [String: PostgresClient.Statistics] = [:]
        for (name, connections) in connections {
            all[name] = connections.primary.statistics
            all["\(name)-background"] = connections.background.statistics
            all["\(name)-replica"] = connections.replica?.statistics
        }
        return all
    }

    /// How far the clock of this machine is ahead of that of each server.
    package var clockDeviations: [String: Duration] { connections.mapValues(\.clock.deviation) }

    /// Compares the clocks of all servers with the time of this process. Throws the first error when all have answered or
    /// failed: the clock of such a server goes on as before.
    package func measureClocks() async throws {
        let measurements = connections.values.map { server in
            EventLoop.start {
                try await server.background.withSession { session in
                    let sent = ContinuousClock.now
                    let row = try await session.query("SELECT clock_timestamp() AS present")[0]
                    server.clock.measured(try row.get("present"), between: sent, and: .now)
                }
            }
        }
        for measurement in measurements { _ = await measurement.result }
        for measurement in measurements { try await measurement.value }
    }

    /// True while no request can be given a session with the home server, which every process needs.
    package var isHomeStarved: Bool { home.primary.isStarved }

    /// Tries to get a session with the home server if requests were given none. Throws if there still is none.
    package func relieveHome() async throws {
        if isHomeStarved { _ = try await home.primary.query("SELECT") }
    }

    /// Closes all sessions.
    package func close() {
        for server in connections.values {
            server.primary.close()
            server.background.close()
            server.replica?.close()
        }
    }
}
