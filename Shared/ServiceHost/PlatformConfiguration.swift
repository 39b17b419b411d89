import AMQP
import Cryptography
import FoundationEssentials
import HTTPServer
import Messaging
import Postgres
import Primitives
import Runtime
import Tenancy

/// What every service reads from its environment.
struct PlatformConfiguration {
    let address: HTTPServer.Address
    let databases: [DatabaseServers.Server]
    let amqp: AMQPConfiguration
    let authors: EventAuthors
    let keyRing: KeyRing
    let blindIndex: BlindIndex
    let cursorKey: [UInt8]
    let tokenIssuer: String
    let tokenAudience: String
    /// Nil to use the `Host` of each request.
    let publicAddress: PublicAddress?

    /// Faults are collected by the reader; what is returned then is never used.
    init(_ reader: inout ConfigurationReader, service: TenantSlug) throws {
        let host = reader.string("GUICHET_HTTP_HOST", default: "127.0.0.1", "Address to serve HTTP on.")
        let port = reader.integer(
            "GUICHET_HTTP_PORT", default: 8080, in: 0...65_535, "Port to serve HTTP on; 0 for any.")
        let instance = reader.string("GUICHET_INSTANCE", default: "1", "Tells the replicas of a service apart.")
        let poolSize = reader.integer(
            "GUICHET_DATABASE_POOL", default: 16, in: 1...64, "Connections to each database server, at most.")
        let timeout = reader.duration(
            "GUICHET_DATABASE_TIMEOUT", default: .seconds(5), in: .milliseconds(100) ... .seconds(120),
            "How long a database server may work on one statement.")
        let waitingTime = reader.duration(
            "GUICHET_DATABASE_WAIT", default: .seconds(2), in: .milliseconds(100) ... .seconds(120),
            "How long a request may wait for a database connection.")
        let databases = reader.secret(
            "GUICHET_DATABASES",
            "Servers that hold tenants: `main=postgres://…,second=postgres://…`; the first is home.")
        let replicas = reader.optionalSecret(
            "GUICHET_DATABASE_REPLICAS", "Read replicas of these servers: `main=postgres://…`.")
        let amqp = reader.secret("GUICHET_AMQP_URL", "RabbitMQ: `amqp://user:password@host:port/vhost`.")
        let accounts = reader.list(
            "GUICHET_AMQP_ACCOUNTS", default: [],
            "Accounts at RabbitMQ of services that have another name there: `booking=account,…`; `*=account` for all.")
        let acceptsUnnamed = reader.boolean(
            "GUICHET_AMQP_ACCEPT_UNNAMED", default: false,
            "Whether events without a `user_id` are accepted: only during an upgrade, while older processes publish.")
        let keyRing = reader.secret(
            "GUICHET_KEYRING", "Keys for personal data at rest: `id:base64,…`; the first encrypts.")
        let blindIndex = reader.secret("GUICHET_BLIND_INDEX_KEY", "Key to find encrypted data by; 32 bytes in base64.")
        let cursorKey = reader.secret(
            "GUICHET_PAGE_CURSOR_KEY", "Seals the cursors of pages; the same for all replicas.")
        tokenIssuer = reader.string(
            "GUICHET_TOKEN_ISSUER", default: "https://guichet.local", "Who signs access tokens.")
        tokenAudience = reader.string("GUICHET_TOKEN_AUDIENCE", default: "guichet", "Whom access tokens are meant for.")
        let publicURL = reader.optionalURL(
            "GUICHET_PUBLIC_URL", schemes: ["https", "http"],
            "Where clients reach the gateway, for the addresses in answers. Unset, what the client says in `Host`.")
        try reader.checkValues()

        address = HTTPServer.Address(host: host, port: UInt16(port))
        let name = "\(service)-\(instance)"
        self.databases = try Self.servers(databases.value, replicas?.value ?? "") { url in
            var configuration = PostgresConfiguration(url: url, applicationName: name)
            configuration.poolSize = poolSize
            (configuration.statementTimeout, configuration.waitingTime) = (timeout, waitingTime)
            return configuration
        }
        self.amqp = try AMQPConfiguration(url: amqp.value, connectionName: name)
        authors = EventAuthors(
            account: self.amqp.user, accounts: try Self.accounts(accounts), acceptsUnnamed: acceptsUnnamed)
        self.keyRing = try KeyRing(configuration: keyRing.value)
        self.blindIndex = try BlindIndex(configuration: blindIndex.value)
        self.cursorKey = Array(cursorKey.value.utf8)
        publicAddress = publicURL.map { PublicAddress($0.absoluteString) }
    }

    private static func accounts(_ entries: [String]) throws -> [String: String] {
        try Dictionary(
            entries.map { entry in
                let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2 else {
                    throw ConfigurationError(faults: ["GUICHET_AMQP_ACCOUNTS: write service=account"])
                }
                return (parts[0], parts[1])
            }, uniquingKeysWith: { $1 })
    }

    private static func servers(
        _ primaries: String, _ replicas: String, _ configuration: (_ url: String) -> PostgresConfiguration
    ) throws -> [DatabaseServers.Server] {
        let replicas = try namedURLs(replicas, "GUICHET_DATABASE_REPLICAS")
        let servers = try namedURLs(primaries, "GUICHET_DATABASES").map { server, url in
            DatabaseServers.Server(
                name: server, primary: configuration(url),
                replica: replicas.first { $0.0 == server }.map { configuration($0.1) })
        }
        guard !servers.isEmpty else {
            throw ConfigurationError(faults: ["GUICHET_DATABASES names no server: write main=postgres://…"])
        }
        return servers
    }

    /// `name=url,name=url`. The error never repeats a URL: it holds a password.
    private static func namedURLs(_ text: String, _ variable: String) throws -> [(String, String)] {
        try text.split(separator: ",").map { entry in
            let parts = entry.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[1].hasPrefix("postgres") else {
                throw ConfigurationError(faults: ["\(variable): write name=postgres://…, separated by commas"])
            }
            return (String(parts[0]), String(parts[1]))
        }
    }
}
