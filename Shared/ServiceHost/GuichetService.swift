package import Authentication
package import EventLoop
package import GuichetProtocol
package import HTTPServer
package import Messaging
package import Postgres
package import Primitives
package import Runtime
package import Tenancy

/// A service of the suite: what it answers, what it subscribes to, what it does by itself. Everything else is the host's.
@EventLoop
package protocol GuichetService: AnyObject, Sendable {
    /// Its name in schemas, queues, logs and URLs, for example `booking`.
    nonisolated static var name: TenantSlug { get }
    /// What its own schema needs beside what every service has; default nothing.
    nonisolated static var registryMigrations: [MigrationSet] { get }
    /// What each tenant's schema needs beside what every service has; default nothing.
    nonisolated static var tenantMigrations: [MigrationSet] { get }
    /// The shortest time between two passes over an outbox: how long events of a busy tenant gather. Default 25 ms.
    nonisolated static var relayInterval: Duration { get }
    /// Its columns that the key ring encrypts; default none.
    nonisolated static var encryptedColumns: [EncryptedColumn] { get }
    /// What an export of a tenant leaves out, tables and columns as `<table>.<column>`: credentials, digests and copies of
    /// what another service has; default nothing.
    nonisolated static var unexported: Set<String> { get }
    /// Its subcommands on the command line, for operators; default none.
    nonisolated static var commands: [OperatorCommand<Self>] { get }

    /// The sentences and examples of its OpenAPI document; default none.
    nonisolated static var texts: APITexts { get }

    /// Well-formed values for the variables that it requires beside those of every service; default none. With them the
    /// service can be built to list its variables.
    nonisolated static var sampleEnvironment: [String: String] { get }

    /// Reads its own variables and puts its parts together; starts nothing.
    init(_ platform: Platform, _ reader: inout ConfigurationReader) throws

    /// Every route, in the order of the documentation.
    var routes: [Route] { get }
    /// Every event it acts on; default none.
    var subscriptions: [Subscription] { get }
    /// Work that it repeats by itself; default none.
    var jobs: [PeriodicJob] { get }
    /// Parts that run as long as the process does, in the order of their dependencies; default none. They start after
    /// the database and the outbox, and are drained in reverse order after HTTP, jobs and events have stopped.
    var parts: [any Service] { get }
    /// What its HTTP server grants a client; default ``HTTPLimits/standard``.
    var limits: HTTPLimits { get }
    /// Whether the caller of a verified token still has the rights that the token states. Called before the handler of each
    /// route that needs a token. Default true: the host refuses the tokens of sessions whose end it has heard of.
    func hasStanding(_ principal: Principal) async throws -> Bool
    /// The statements that remove what belongs to an erased account from a tenant's schema, beside the stored answers to its
    /// requests. They run in one transaction, twice: after the erasure, and when no request of the account can be under way
    /// any longer. Default none.
    func traces(of account: UserID) -> [SQL]
    /// Removes what it keeps of a tenant outside of the tenant's schema, before that is dropped, and returns the statements
    /// that remove it from its own schema. Repeated if the removal was interrupted. Default nothing.
    func remove(_ tenant: TenantProfile) async throws -> [SQL]
    /// Called for each caller whose role a route refuses or whose session has ended; default nothing.
    func refused(_ caller: RefusedCaller)
    /// Ends sessions that outlast their requests, when the process no longer serves HTTP. Requests that wait for the news of
    /// such a session are answered with its end. Default nothing.
    func endSessions(within time: Duration) async
    /// Closes what it has opened itself, after everything else has ended; default nothing.
    func close()
    /// The problem that answers an error of its own; nil for an error that it does not know. Default nil.
    nonisolated static func problem(_ error: any Error) -> Problem?
}

extension GuichetService {
    /// No migrations.
    nonisolated package static var registryMigrations: [MigrationSet] { [] }

    /// No migrations.
    nonisolated package static var tenantMigrations: [MigrationSet] { [] }

    /// The interval for events that others wait for.
    nonisolated package static var relayInterval: Duration { .milliseconds(25) }

    /// No encrypted columns.
    nonisolated package static var encryptedColumns: [EncryptedColumn] { [] }

    /// Exports everything.
    nonisolated package static var unexported: Set<String> { [] }

    /// No operator commands.
    nonisolated package static var commands: [OperatorCommand<Self>] { [] }

    /// No texts.
    nonisolated package static var texts: APITexts { .none }

    /// No variables that it requires.
    nonisolated package static var sampleEnvironment: [String: String] { [:] }

    /// No subscriptions.
    package var subscriptions: [Subscription] { [] }

    /// No jobs.
    package var jobs: [PeriodicJob] { [] }

    /// No long-lived parts.
    package var parts: [any Service] { [] }

    /// The limits of short requests behind the gateway.
    package var limits: HTTPLimits { .standard }

    /// Believes the token.
    package func hasStanding(_ principal: Principal) async throws -> Bool { true }

    /// Stores nothing of accounts.
    package func traces(of account: UserID) -> [SQL] { [] }

    /// Keeps nothing of tenants outside of their schemas.
    package func remove(_ tenant: TenantProfile) async throws -> [SQL] { [] }

    /// Does nothing: the line in the log is enough.
    package func refused(_ caller: RefusedCaller) {}

    /// Has no such sessions.
    package func endSessions(within time: Duration) async {}

    /// Does nothing.
    package func close() {}

    /// Knows no error.
    nonisolated package static func problem(_ error: any Error) -> Problem? { nil }
}

/// Work that a service repeats.
package struct PeriodicJob: Sendable {
    let name: String
    let interval: Duration
    let body: @EventLoop @Sendable () async throws -> Void

    /// - Parameter interval: the pause between the end of one run and the start of the next.
    package init(
        _ name: String, every interval: Duration, _ body: @escaping @EventLoop @Sendable () async throws -> Void
    ) {
        (self.name, self.interval, self.body) = (name, interval, body)
    }
}

/// A subcommand of a service's executable, for operators, for example `guichet-identity bootstrap`.
package struct OperatorCommand<Service>: Sendable {
    let name: String
    let summary: String
    let body: @EventLoop @Sendable (Service, Platform, _ arguments: [String]) async throws -> Void

    /// - Parameters:
    ///   - name: the first argument.
    ///   - summary: one line for `help`.
    ///   - body: gets the service, not serving, and the arguments after the name.
    package init(
        _ name: String, _ summary: String,
        _ body: @escaping @EventLoop @Sendable (Service, Platform, _ arguments: [String]) async throws -> Void
    ) {
        (self.name, self.summary, self.body) = (name, summary, body)
    }
}
