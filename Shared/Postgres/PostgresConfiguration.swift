/// The connection of one process to one PostgreSQL server: address, limits and timeouts.
package struct PostgresConfiguration: Sendable {
    /// A libpq connection URI, `postgres://user:password@host:port/database`.
    package var url: String
    /// The name that the server shows for each session.
    package var applicationName: String
    /// The most connections; further callers wait.
    package var poolSize = 16
    /// The most callers that may wait for a connection; further ones fail at once.
    package var waitingLimit = 512
    /// The longest time that a caller waits for a connection.
    package var waitingTime: Duration = .seconds(2)
    /// The longest time that the server works on one statement.
    package var statementTimeout: Duration = .seconds(5)
    /// The longest time that an open transaction waits for its next statement. Its locks delay others for as long if its
    /// process is frozen.
    package var idleTransactionTime: Duration = .seconds(4)
    /// Connections older than this are replaced: the memory of a backend that has used many schemas never shrinks.
    package var maximumAge: Duration = .seconds(900)

    package init(url: String, applicationName: String) {
        self.url = url
        self.applicationName = applicationName
    }

    /// A frozen server never answers, and a commit waits without limit for a synchronous standby that is down: after
    /// this time the connection is dropped.
    var exchangeTimeout: Duration { statementTimeout + .seconds(1) }

    /// The longest time that a client waits for a script: a migration may take two minutes.
    var scriptTimeout: Duration { max(statementTimeout, .seconds(120)) + .seconds(5) }
}
