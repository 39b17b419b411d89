internal import FoundationEssentials

/// The address of Redis, and the limits and timeouts of a client.
package struct RedisConfiguration: Sendable {
    /// The host name or address of the server.
    package let host: String
    /// The TCP port, 6379 unless the address says otherwise.
    package let port: Int
    /// The number of the database, 0 unless the address says otherwise.
    package let database: Int
    let user: String?
    let password: String?

    /// The longest time that a command may take; after it the connection is closed.
    package var commandDeadline: Duration = .milliseconds(250)
    /// The timeout for connecting and logging in together.
    package var connectDeadline: Duration = .seconds(1)
    /// The bounds of the pauses between attempts to connect.
    package var reconnectDelay: ClosedRange<Duration> = .milliseconds(50) ... .seconds(2)
    /// The most commands that are sent and not yet answered; further ones fail at once.
    package var outstandingLimit = 10_000

    /// Reads `redis://[user[:password]]@host[:port]/[database]`; a missing port is 6379, a missing database 0.
    /// Characters with a meaning in URLs are percent-encoded in names and passwords. Errors never quote the password.
    package init(url: String) throws(RedisConfigurationError) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.host, !host.isEmpty
        else {
            throw RedisConfigurationError(
                "malformed address: expected redis://user:password@host:port/database, "
                    + "special characters of the password percent-encoded (/ as %2F)")
        }
        guard scheme == "redis" else {
            throw RedisConfigurationError("\(scheme):// is not accepted: expected redis://")
        }
        guard parts.query == nil, parts.fragment == nil else {
            throw RedisConfigurationError("nothing may follow the database: neither ? nor #")
        }
        let port = parts.port ?? 6379
        guard (1...65535).contains(port) else {
            throw RedisConfigurationError("port \(port): expected a whole number from 1 to 65535")
        }
        let path = parts.path.drop { $0 == "/" }
        guard let database = path.isEmpty ? 0 : Int(path), database >= 0 else {
            throw RedisConfigurationError("database \(path): expected a whole number from 0")
        }
        // The brackets of an IPv6 address belong to the URL, not to the address.
        self.host = host.filter { $0 != "[" && $0 != "]" }
        self.port = port
        self.database = database
        user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
        password = parts.password
    }

    /// The first commands on a new connection. The reply to SELECT also shows that the server accepts commands.
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

/// Why a Redis address cannot be used: one line that says what to change.
package struct RedisConfigurationError: Error, Equatable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
