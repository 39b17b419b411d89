package import EventLoop
import Primitives

/// One connection to one Redis server, which reconnects whenever it is lost.
///
/// All callers share the connection. Without a connection commands fail at once; they never wait for one. A cancelled
/// caller still waits for its reply, at most until the deadline.
@EventLoop
package final class RedisClient {
    /// Totals since the client was created, and its current load.
    package struct Statistics: Sendable {
        /// Commands passed to the client.
        package var commands = 0
        /// Commands that failed, including errors from the server.
        package var failures = 0
        /// Connections made after the first one.
        package var reconnects = 0
        /// Commands sent and not yet answered.
        package var outstanding = 0
    }

    private static let resolver = BlockingPool(threads: 2, waiting: 256)
    private let configuration: RedisConfiguration
    private let backoff: Backoff
    private var connection: RedisConnection?
    private var connectionsMade = 0
    private var scripts = ScriptDigests()
    private var counts = Statistics()
    private var connectionTask: Task<Void, Never>?
    private var isClosed = false

    /// True if commands can be sent now.
    package private(set) var isConnected = false {
        didSet { if isConnected != oldValue { onChange?(isConnected) } }
    }
    /// Called with ``isConnected`` whenever it changes.
    package var onChange: (@EventLoop (Bool) -> Void)?
    /// Why the last connection ended or could not be made, for logs.
    package private(set) var absence: String?

    /// Starts to connect. The client lives until ``close()``.
    package init(_ configuration: RedisConfiguration) {
        self.configuration = configuration
        backoff = Backoff(from: configuration.reconnectDelay.lowerBound, to: configuration.reconnectDelay.upperBound)
        connectionTask = EventLoop.start { await self.keepConnected() }
    }

    /// A snapshot for metrics.
    package var statistics: Statistics {
        var statistics = counts
        statistics.reconnects = max(0, connectionsMade - 1)
        statistics.outstanding = connection?.outstanding ?? 0
        return statistics
    }

    /// Sends one command and returns its reply; throws an error reply of the server.
    package func send(_ command: RedisCommand) async throws(RedisError) -> RedisReply {
        try await send([command])[0].get()
    }

    /// Sends the commands in one write and returns a result for each. They are not a transaction: commands of other
    /// callers may run in between, and a failed command does not stop the next one. A script that the server no longer
    /// has runs after the rest.
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

    /// Closes the connection for good. Commands under way fail with ``RedisError/lost``, later ones with
    /// ``RedisError/away``.
    package func close() {
        isClosed = true
        connectionTask?.cancel()
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

    private func keepConnected() async {
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
            // Throws, and so ends early, when the client is closed.
            try? await EventLoop.sleep(for: backoff.pause(after: failures + 1))
        }
    }

    /// Returns an authenticated connection, or nil if none can be made. Each attempt tries the next address of the
    /// host.
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
}
