internal import FoundationEssentials

/// How to reach Redis, and the bounds of what a client may send and wait for.
package struct RedisConfiguration: Sendable {
    /// The name or address of the server.
    package let host: String
    /// Where it listens, 6379 unless the address says otherwise.
    package let port: Int
    /// Which of its numbered databases is meant, 0 unless the address says otherwise.
    package let database: Int
    let user: String?
    let password: String?

    /// The longest a command may stay unanswered; then its connection is dropped.
    package var commandDeadline: Duration = .milliseconds(250)
    /// For connecting and logging in together.
    package var connectDeadline: Duration = .seconds(1)
    /// Pauses between attempts to connect grow from the lower to the upper bound.
    package var reconnectDelay: ClosedRange<Duration> = .milliseconds(50) ... .seconds(2)
    /// Commands sent and not yet answered; more fail at once.
    package var outstandingLimit = 10_000

    /// Reads `redis://[user[:password]]@host[:port]/[database]`; a missing port is 6379, a missing database 0. What has
    /// a meaning of its own in an address is percent-encoded in names and passwords. Errors never quote the password.
    package init(url: String) throws(RedisConfigurationError) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.host, !host.isEmpty
        else {
            throw RedisConfigurationError(
                "adresse illisible ; attendu redis://utilisateur:mot-de-passe@hôte:port/base, "
                    + "caractères spéciaux du mot de passe encodés (« / » s’écrit %2F)")
        }
        guard scheme == "redis" else {
            throw RedisConfigurationError("« \(scheme):// » n’est pas accepté ; attendu redis://")
        }
        guard parts.query == nil, parts.fragment == nil else {
            throw RedisConfigurationError("rien n’est attendu après la base : ni « ? » ni « # »")
        }
        let port = parts.port ?? 6379
        guard (1...65535).contains(port) else {
            throw RedisConfigurationError("port « \(port) » : entier de 1 à 65535 attendu")
        }
        let path = parts.path.drop { $0 == "/" }
        guard let database = path.isEmpty ? 0 : Int(path), database >= 0 else {
            throw RedisConfigurationError("base « \(path) » : entier positif ou nul attendu")
        }
        // An IPv6 address stands in brackets, which are the URL's and not its own.
        self.host = host.filter { $0 != "[" && $0 != "]" }
        self.port = port
        self.database = database
        user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
        password = parts.password
    }

    /// What a new connection sends first. SELECT is also how a connection learns that it may send more.
    var greeting: [RedisCommand] {
        let login: [RedisCommand] =
            switch (user, password) {
            case (nil, nil): []
            case (nil, let password?): [["AUTH", password]]
            case (let user?, let password): [["AUTH", user, password ?? ""]]
            }
        return login + [["SELECT", database]]
    }
}

extension RedisConfiguration: CustomStringConvertible {
    /// The address without its credentials.
    package var description: String {
        "redis://\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
    }
}

/// Why a Redis address cannot be used, as one French line that says what to change.
package struct RedisConfigurationError: Error, Equatable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
