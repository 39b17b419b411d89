/// How one process reaches one PostgreSQL server.
package struct PostgresConfiguration: Sendable {
    /// A libpq connection URI, `postgres://user:password@host:port/database`.
    package var url: String
    /// Shown by the server for each session.
    package var applicationName: String
    /// The most connections held; one more caller waits.
    package var poolSize = 16
    /// The most callers that may wait for a connection; one more fails at once.
    package var waitingLimit = 512
    /// The longest a caller waits for a connection.
    package var waitingTime: Duration = .seconds(2)
    /// The longest the server works on one statement.
    package var statementTimeout: Duration = .seconds(5)
    /// Connections older than this are replaced: a backend that has visited many schemas never shrinks.
    package var maximumAge: Duration = .seconds(900)

    package init(url: String, applicationName: String) {
        self.url = url
        self.applicationName = applicationName
    }

    /// A frozen server answers nothing: after this the connection is dropped.
    var exchangeTimeout: Duration { statementTimeout + .seconds(2) }
}
