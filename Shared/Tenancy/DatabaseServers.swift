package import EventLoop
package import Postgres
import Primitives

/// The PostgreSQL servers that hold tenants, by name, each with a pool and perhaps a read replica.
@EventLoop
package final class DatabaseServers {
    /// One server as it is configured.
    package struct Server: Sendable {
        /// What the registry of tenants calls it.
        package let name: String
        /// How to reach the server.
        package let primary: PostgresConfiguration
        /// A copy of it that may lag behind; nil when there is none.
        package let replica: PostgresConfiguration?

        /// Few sessions, for work that no client waits for.
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

    /// Pools and script runner of one server.
    struct Connections {
        let primary: PostgresClient
        /// Of its own, so that a rush of requests does not starve what must go on: the outbox, expiry, announcements.
        let background: PostgresClient
        let replica: ReadReplica?
        let scripts: ScriptRunner
    }

    private let connections: [String: Connections]
    /// The first server named: it also holds the service's own schema.
    let home: Connections

    /// - Parameter servers: at least one; the first is home to the service's own schema.
    package init(_ servers: [Server]) {
        precondition(!servers.isEmpty, "a service needs a database server")
        let threads = BlockingPool(threads: 4, waiting: 4096)
        let made = servers.map { server in
            Connections(
                primary: PostgresClient(server.primary), background: PostgresClient(server.background),
                replica: server.replica.map(ReadReplica.init),
                scripts: ScriptRunner(server.primary, on: threads))
        }
        names = servers.map(\.name)
        connections = Dictionary(uniqueKeysWithValues: zip(names, made))
        home = made[0]
    }

    /// The names of the servers, home first.
    package let names: [String]

    /// Nil when no server of that name is configured here.
    func connections(to name: String) -> Connections? { connections[name] }

    /// What all pools hold, by server name, the others with `-background` or `-replica` behind it.
    package var statistics: [String: PostgresClient.Statistics] {
        var all: [String: PostgresClient.Statistics] = [:]
        for (name, connections) in connections {
            all[name] = connections.primary.statistics
            all["\(name)-background"] = connections.background.statistics
            all["\(name)-replica"] = connections.replica?.statistics
        }
        return all
    }

    /// Lets go of all sessions.
    package func close() {
        for server in connections.values {
            server.primary.close()
            server.background.close()
            server.replica?.close()
        }
    }
}
