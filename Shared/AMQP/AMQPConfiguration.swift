internal import FoundationEssentials

/// The address of RabbitMQ, and the limits and timeouts of a connection.
package struct AMQPConfiguration: Sendable {
    /// The host name or address of the broker.
    package let host: String
    /// The TCP port: 5672 unless the address says otherwise, 5671 with TLS.
    package let port: Int
    /// The virtual host; `/` is the default one.
    package let vhost: String
    /// The account to log in with, which the broker also requires as the `user_id` of each message.
    package let user: String
    let password: String
    /// The file of certificate authorities for `amqps`; nil without TLS.
    package let certificateAuthorities: String?

    /// Shown in RabbitMQ's list of connections.
    package var connectionName: String
    /// The heartbeat interval, in whole seconds, at least one. A silent peer is given up after twice this time.
    package var heartbeat: Duration
    /// The timeout for connecting, for logging in, and for each call that waits for the broker's answer.
    package var connectTimeout: Duration
    /// The bounds of the pauses between attempts to connect. After an outage, however long, what is published is late by the
    /// longest one at most.
    package var reconnectDelay: ClosedRange<Duration> = .milliseconds(100) ... .seconds(1)
    /// The most publishes that are sent and not yet confirmed.
    package var outstandingLimit = 256
    /// The most publishes that wait for a place among the outstanding ones; further ones fail at once.
    package var waitingLimit = 4096
    /// The longest time that a publish waits for a place.
    package var waitTimeout: Duration = .seconds(5)
    /// The longest time that a sent publish waits for its confirm.
    package var confirmTimeout: Duration = .seconds(10)

    /// Reads `amqp://user:password@host:port/vhost` or `amqps://…`, with RabbitMQ's query parameters `heartbeat`
    /// (seconds, default 5), `connection_timeout` (milliseconds, default 5000) and `cacertfile` (a path, by default the
    /// system's authorities). A missing vhost is `/`. Errors never quote the password.
    package init(url: String, connectionName: String) throws(AMQPConfigurationError) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.host, !host.isEmpty
        else {
            throw AMQPConfigurationError("malformed address: expected amqp://user:password@host:port/vhost")
        }
        guard scheme == "amqp" || scheme == "amqps" else {
            throw AMQPConfigurationError("\(scheme):// is not accepted: expected amqp:// or amqps://")
        }
        var query = Dictionary((parts.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { _, last in last }
        let heartbeat = try Self.number(query.removeValue(forKey: "heartbeat"), "heartbeat", default: 5, in: 1...600)
        let timeout = try Self.number(
            query.removeValue(forKey: "connection_timeout"), "connection_timeout", default: 5000, in: 100...120_000)
        let authorities = query.removeValue(forKey: "cacertfile")
        if let unknown = query.keys.min() {
            throw AMQPConfigurationError(
                "unknown parameter \(unknown): expected heartbeat, connection_timeout or cacertfile")
        }
        self.host = host
        port = parts.port ?? (scheme == "amqps" ? 5671 : 5672)
        vhost = parts.path.count > 1 ? String(parts.path.dropFirst()) : "/"
        user = parts.user ?? "guest"
        password = parts.password ?? "guest"
        certificateAuthorities = scheme == "amqps" ? authorities ?? "/etc/ssl/certs/ca-certificates.crt" : nil
        self.connectionName = connectionName
        self.heartbeat = .seconds(heartbeat)
        connectTimeout = .milliseconds(timeout)
    }

    private static func number(
        _ text: String?, _ name: String, default standard: Int, in bounds: ClosedRange<Int>
    ) throws(AMQPConfigurationError) -> Int {
        guard let text else { return standard }
        guard let value = Int(text), bounds.contains(value) else {
            throw AMQPConfigurationError(
                "\(name)=\(text): expected a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return value
    }
}

extension AMQPConfiguration: CustomStringConvertible {
    /// The address without its credentials.
    package var description: String {
        "\(certificateAuthorities == nil ? "amqp" : "amqps")://\(host):\(port)/\(vhost == "/" ? "" : vhost)"
    }
}

/// Why an AMQP address cannot be used: one line that says what to change.
package struct AMQPConfigurationError: Error, Equatable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
