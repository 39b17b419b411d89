internal import FoundationEssentials

/// How to reach RabbitMQ, and the bounds of what a connection may hold and wait for.
package struct AMQPConfiguration: Sendable {
    /// The name or address of the broker.
    package let host: String
    /// Where it listens: 5672 unless the address says otherwise, 5671 with TLS.
    package let port: Int
    /// Which of the broker’s virtual hosts is meant; `/` is the default one.
    package let vhost: String
    let user: String
    let password: String
    /// The file of certificate authorities for `amqps`; nil without TLS.
    package let certificateAuthorities: String?

    /// Shown in RabbitMQ's list of connections.
    package var connectionName: String
    /// A silent peer is given up after twice this time. Whole seconds, at least one.
    package var heartbeat: Duration
    /// For connecting, for logging in, and for each call that waits for the broker's answer.
    package var connectTimeout: Duration
    /// Pauses between attempts to connect grow from the lower to the upper bound.
    package var reconnectDelay: ClosedRange<Duration> = .milliseconds(100) ... .seconds(10)
    /// Publishes sent and not yet confirmed.
    package var outstandingLimit = 256
    /// Publishes that wait for a place among the outstanding; more fail at once.
    package var waitingLimit = 4096
    /// How long a publish waits for a place.
    package var waitTimeout: Duration = .seconds(5)
    /// How long a publish waits for its confirm once it is sent.
    package var confirmTimeout: Duration = .seconds(10)

    /// Reads `amqp://user:password@host:port/vhost` or `amqps://…`, with RabbitMQ's query parameters `heartbeat`
    /// (seconds, default 8), `connection_timeout` (milliseconds, default 5000) and `cacertfile` (a path, by default the
    /// system's authorities). A missing vhost is `/`. Errors never quote the password.
    package init(url: String, connectionName: String) throws(AMQPConfigurationError) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.host, !host.isEmpty
        else {
            throw AMQPConfigurationError("adresse illisible ; attendu amqp://utilisateur:mot-de-passe@hôte:port/vhost")
        }
        guard scheme == "amqp" || scheme == "amqps" else {
            throw AMQPConfigurationError("« \(scheme):// » n’est pas accepté ; attendu amqp:// ou amqps://")
        }
        var query = Dictionary((parts.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { _, last in last }
        let heartbeat = try Self.number(query.removeValue(forKey: "heartbeat"), "heartbeat", default: 8, in: 1...600)
        let timeout = try Self.number(
            query.removeValue(forKey: "connection_timeout"), "connection_timeout", default: 5000, in: 100...120_000)
        let authorities = query.removeValue(forKey: "cacertfile")
        if let unknown = query.keys.min() {
            throw AMQPConfigurationError(
                "paramètre « \(unknown) » inconnu ; connus : heartbeat, connection_timeout, cacertfile")
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
                "« \(name)=\(text) » : entier de \(bounds.lowerBound) à \(bounds.upperBound) attendu")
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

/// Why an AMQP address cannot be used, as one French line that says what to change.
package struct AMQPConfigurationError: Error, Equatable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
