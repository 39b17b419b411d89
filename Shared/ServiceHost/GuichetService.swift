package import EventLoop
package import HTTPServer
package import Messaging
package import Primitives
package import Runtime
package import Tenancy

/// A service of the suite: what it answers, what it listens to, what it does by itself. Everything else is the host's.
@EventLoop
package protocol GuichetService: AnyObject, Sendable {
    /// Its name in schemas, queues, logs and URLs, for example `booking`.
    nonisolated static var name: TenantSlug { get }
    /// What its own schema needs beside what every service has.
    nonisolated static var registryMigrations: [MigrationSet] { get }
    /// What each tenant's schema needs beside what every service has.
    nonisolated static var tenantMigrations: [MigrationSet] { get }
    /// Its columns that the key ring encrypts.
    nonisolated static var encryptedColumns: [EncryptedColumn] { get }
    /// What an operator can ask of it on the command line.
    nonisolated static var commands: [OperatorCommand<Self>] { get }

    /// What it requires in the environment beside what every service does, well formed and worth nothing: with it the
    /// service can be built to tell which variables it reads.
    nonisolated static var sampleEnvironment: [String: String] { get }

    /// Reads its own variables and puts its parts together; starts nothing.
    init(_ platform: Platform, _ reader: inout ConfigurationReader) throws

    /// Every route, in the order of the documentation.
    var routes: [Route] { get }
    /// Every event it acts on.
    var subscriptions: [Subscription] { get }
    /// Work that it repeats by itself.
    var jobs: [PeriodicJob] { get }
    /// Parts that run as long as the process does, in the order of their dependencies; default none. They start after
    /// the database and the outbox, and are drained in reverse order after HTTP, jobs and events have stopped.
    var parts: [any Service] { get }
    /// What its HTTP server grants a client; default ``HTTPLimits/standard``.
    var limits: HTTPLimits { get }
    /// Hears of each caller whose role a route does not let in.
    func refused(_ caller: RefusedCaller)
    /// Lets go of what it has opened itself, when everything else has ended.
    func close()
    /// As which problem an error of its own is answered; nil for those it does not know.
    nonisolated static func problem(_ error: any Error) -> Problem?
}

extension GuichetService {
    /// Most services know nobody by name.
    nonisolated package static var encryptedColumns: [EncryptedColumn] { [] }

    /// Most services require nothing more.
    nonisolated package static var sampleEnvironment: [String: String] { [:] }

    /// Most services have no part of their own.
    package var parts: [any Service] { [] }

    /// Most services serve short requests behind the gateway.
    package var limits: HTTPLimits { .standard }

    /// Most services leave it at the line in the log.
    package func refused(_ caller: RefusedCaller) {}

    /// Most services have opened nothing themselves.
    package func close() {}
}

/// Work that a service does again and again.
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

/// Something that an operator asks of a service on the command line, for example `guichet-identity bootstrap`.
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
