package import EventLoop

/// One connection with one Redis server, made again for ever when it is lost.
///
/// Commands of all callers share the connection and never wait for another connection: while there is none they fail at
/// once. A caller that is cancelled still waits for its reply, for no longer than the deadline.
@EventLoop
package final class RedisClient {
    /// What happened since the client was made, and what is under way.
    package struct Statistics: Sendable {
        /// Commands given to the client.
        package var commands = 0
        /// Those of them that failed, errors of the server included.
        package var failures = 0
        /// Connections made after the first.
        package var reconnects = 0
        /// Commands sent and not yet answered.
        package var outstanding = 0
    }

    private static let resolver = BlockingPool(threads: 2, waiting: 256)
    private let configuration: RedisConfiguration
    private var connection: RedisConnection?
    private var connectionsMade = 0
    private var scripts = ScriptDigests()
    private var counts = Statistics()
    private var keeper: Task<Void, Never>?
    private var isClosed = false

    /// Whether commands can be sent at this moment.
    package private(set) var isConnected = false {
        didSet { if isConnected != oldValue { onChange?(isConnected) } }
    }
    /// Called with ``isConnected`` whenever that has changed.
    package var onChange: (@EventLoop (Bool) -> Void)?
    /// Why there was no connection the last time that there was none, for logs.
    package private(set) var absence: String?

    /// Starts to connect. The client lives until ``close()``.
    package init(_ configuration: RedisConfiguration) {
        self.configuration = configuration
        keeper = EventLoop.start { await self.stayConnected() }
    }

    /// A glance at the client, for metrics.
    package var statistics: Statistics {
        var statistics = counts
        statistics.reconnects = max(0, connectionsMade - 1)
        statistics.outstanding = connection?.outstanding ?? 0
        return statistics
    }

    /// Sends one command and returns its reply; an error that the server replied is thrown.
    package func send(_ command: RedisCommand) async throws(RedisError) -> RedisReply {
        try await send([command])[0].get()
    }

    /// Sends the commands in one piece and returns a result for each. They are no transaction: commands of others may
    /// come in between, and one that fails does not hinder the next. A script that the server has forgotten runs after
    /// the rest.
    package func send(_ commands: [RedisCommand]) async -> [Result<RedisReply, RedisError>] {
        let results = await run(commands)
        counts.commands += commands.count
        counts.failures += results.count { if case .failure = $0 { true } else { false } }
        return results
    }

    /// Runs a script, see ``RedisCommand/init(running:keys:arguments:)``.
    package func run(
        _ script: RedisScript, keys: [String], arguments: [any RedisArgument] = []
    ) async throws(RedisError) -> RedisReply {
        try await send(RedisCommand(running: script, keys: keys, arguments: arguments))
    }

    /// Ends the connection for good. Commands under way fail with ``RedisError/lost``, later ones with
    /// ``RedisError/away``.
    package func close() {
        isClosed = true
        keeper?.cancel()
        connection?.close("the client is closed")
    }

    private func run(_ commands: [RedisCommand]) async -> [PendingReplies.Answer] {
        let unknown = scripts.unknown(in: commands)
        let questions = unknown.map { ["SCRIPT", "LOAD", $0.source] as RedisCommand }
        var answers = await exchange(questions + commands.map(scripts.written))
        for (script, answer) in zip(unknown, answers) { scripts.learn(answer, of: script) }
        answers.removeFirst(unknown.count)

        let forgotten = answers.indices.compactMap { index in
            scripts.rewritten(commands[index], after: answers[index]).map { (index, $0) }
        }
        for ((index, _), answer) in zip(forgotten, await exchange(forgotten.map(\.1))) { answers[index] = answer }
        return answers
    }

    private func exchange(_ commands: [RedisCommand]) async -> [PendingReplies.Answer] {
        guard !commands.isEmpty else { return [] }
        guard isConnected, let connection else { return commands.map { _ in .failure(.away) } }
        guard connection.outstanding + commands.count <= configuration.outstandingLimit else {
            return commands.map { _ in .failure(.overloaded) }
        }
        return await connection.send(commands, within: configuration.commandDeadline).all()
    }

    private func stayConnected() async {
        var failures = 0
        while !isClosed {
            if let connection = await connect(attempt: failures) {
                failures = 0
                connectionsMade += 1
                isConnected = true
                await connection.ended()
            } else {
                failures += 1
            }
            // It ends early when the client is closed.
            try? await EventLoop.sleep(for: pause(after: failures))
        }
    }

    /// Returns a connection that is logged in, if one can be made. Each attempt tries the next address of the host.
    private func connect(attempt: Int) async -> RedisConnection? {
        let (host, port) = (configuration.host, configuration.port)
        do {
            let addresses = try await Self.resolver.run { try ServerAddress.all(of: host) }
            guard !isClosed else { return nil }
            let connection = try RedisConnection(address: addresses[attempt % addresses.count], port: port) {
                [weak self] reason in
                self?.absence = reason
                self?.isConnected = false
            }
            self.connection = connection
            let answers = await connection.send(configuration.greeting, within: configuration.connectDeadline).all()
            for case .failure(.server(let message)) in answers { connection.close(message) }
            return connection.isOpen ? connection : nil
        } catch {
            absence = "\(error)"
            return nil
        }
    }

    /// Twice as long after each failure, and never the same for all clients of a server.
    private func pause(after failures: Int) -> Duration {
        let bounds = configuration.reconnectDelay
        let longest = min(bounds.lowerBound * (1 << min(failures, 16)), bounds.upperBound)
        return longest * Double.random(in: 0.5...1)
    }
}
