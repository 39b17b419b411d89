import EventLoop
import Redis
import RedisTesting
import Testing

private let pings = [RedisCommand](repeating: ["PING"], count: 100)

@Suite("Losing Redis", .timeLimit(.minutes(1)))
struct RecoveryTests {
    @Test("to a freeze fails unanswered commands at the deadline, and ends when the server resumes")
    func frozen() async throws {
        try await TestRedis.with { server in
            var configuration = try server.configuration
            configuration.commandDeadline = .milliseconds(250)
            configuration.connectDeadline = .seconds(60)
            try await RedisClient.with(configuration) { client in
                var changes: [Bool] = []
                client.onChange = { changes.append($0) }
                server.freeze()
                let sent = ContinuousClock.now
                let results = await client.send(pings)
                let waited = ContinuousClock.now - sent
                #expect(results.allSatisfy { $0 == .failure(.timeout) })
                #expect(waited >= .milliseconds(250))
                #expect(waited < configuration.connectDeadline)
                #expect(!client.isConnected)
                #expect(client.absence == "the server did not answer in time")
                await #expect(throws: RedisError.away) { try await client.send(["PING"]) }

                server.thaw()
                try await client.becomes(connected: true)
                #expect(try await client.send(["PING"]) == .status("PONG"))
                #expect(changes == [false, true])
                #expect(client.statistics.reconnects == 1)
                #expect(client.statistics.failures == 101)
            }
        }
    }

    @Test("to a crash is detected without a command, and ends when the server is back")
    func killed() async throws {
        try await TestRedis.with { server in
            try await server.withClient { client in
                let script = RedisScript("return ARGV[1]")
                #expect(try await client.run(script, keys: [], arguments: ["a"]) == .bytes([97]))
                server.kill()
                try await client.becomes(connected: false)
                #expect(await client.send(pings).allSatisfy { $0 == .failure(.away) })
                try await server.restart()
                try await client.becomes(connected: true)
                #expect(try await client.run(script, keys: [], arguments: ["b"]) == .bytes([98]))
                #expect(client.statistics.reconnects == 1)
            }
        }
    }

    @Test("to a crash fails the commands under way at once")
    func killedUnderWay() async throws {
        try await TestRedis.with { server in
            try await server.withClient { client in
                server.freeze()
                let waiting = Task.immediate { @EventLoop in await client.send(pings) }
                server.kill()
                #expect(await waiting.value.allSatisfy { $0 == .failure(.lost) })
                #expect(!client.isConnected)
            }
        }
    }

    @Test("does not happen when it is slow but in time")
    func slow() async throws {
        try await TestRedis.with { server in
            try await server.withClient { client in
                let results = await client.send([["CLIENT", "PAUSE", 300, "ALL"], ["PING"]])
                #expect(results == [.success(.status("OK")), .success(.status("PONG"))])
                #expect(client.statistics.reconnects == 0)
            }
        }
    }

    @Test("again and again leaves no command without an answer")
    func crashes() async throws {
        try await TestRedis.with { server in
            try await server.withClient { client in
                let callers = (0..<20).map { _ in
                    Task.immediate { @EventLoop in
                        var answers = 0
                        while !Task.isCancelled {
                            answers += await client.send(pings).count
                            try? await EventLoop.sleep(for: .milliseconds(1))
                        }
                        return answers
                    }
                }
                for _ in 0..<3 {
                    server.kill()
                    try await client.becomes(connected: false)
                    try await server.restart()
                    try await client.becomes(connected: true)
                }
                var answers = 0
                for caller in callers {
                    caller.cancel()
                    answers += await caller.value
                }
                #expect(client.statistics.commands == answers)
                #expect(client.statistics.reconnects == 3)
                #expect(client.statistics.outstanding == 0)
            }
        }
    }
}

@Suite("Connecting to Redis", .timeLimit(.minutes(1)))
struct ConnectingTests {
    @Test("with a wrong password is reported, without the password")
    @EventLoop
    func wrongPassword() async throws {
        try await TestRedis.with(password: "right") { server in
            for (login, reason) in [(":wrong@", "WRONGPASS"), ("default:wrong@", "WRONGPASS"), ("", "NOAUTH")] {
                let absence = try await absence(at: server.url.replacing("default:right@", with: login))
                #expect(absence.hasPrefix(reason))
                #expect(!absence.contains("wrong@"))
            }
        }
    }

    @Test(
        "without a server reports the reason",
        arguments: [("redis://127.0.0.1:1", "Connection refused"), ("redis://no.invalid", "no.invalid: ")])
    @EventLoop
    func missingServer(url: String, reason: String) async throws {
        #expect(try await absence(at: url).hasPrefix(reason))
    }

    @Test("to a missing database is reported")
    @EventLoop
    func noDatabase() async throws {
        try await TestRedis.with { server async throws in
            #expect(try await absence(at: server.url + "/999") == "ERR DB index is out of range")
        }
    }

    @Test("to a frozen server is given up and tried again")
    func frozen() async throws {
        try await TestRedis.with { server in
            server.freeze()
            var configuration = try server.configuration
            configuration.connectDeadline = .milliseconds(20)
            let client = RedisClient(configuration)
            defer { client.close() }
            while client.absence == nil { try await EventLoop.sleep(for: .milliseconds(1)) }
            #expect(client.absence == "the server did not answer in time")
            server.thaw()
            try await client.becomes(connected: true)
            #expect(client.statistics.reconnects == 0)
        }
    }

    @Test("ends with the client, whose commands all have an answer")
    func closed() async throws {
        try await TestRedis.with { server in
            let configuration = try server.configuration
            var changes: [Bool] = []
            weak var released: RedisClient?
            do {
                let client = RedisClient(configuration)
                released = client
                client.onChange = { changes.append($0) }
                try await client.becomes(connected: true)
                server.freeze()
                let waiting = Task.immediate { @EventLoop in await client.send(pings) }
                client.close()
                #expect(await waiting.value.allSatisfy { $0 == .failure(.lost) })
                await #expect(throws: RedisError.away) { try await client.send(["PING"]) }
            }
            #expect(changes == [true, false])
            while released != nil { try await EventLoop.sleep(for: .milliseconds(1)) }
        }
    }

    @Test("ends with the client, also before it is done", arguments: [0, 1, 5, 20])
    func closedEarly(milliseconds: Int) async throws {
        try await TestRedis.with { server in
            server.freeze()
            let client = RedisClient(try server.configuration)
            var changes: [Bool] = []
            client.onChange = { changes.append($0) }
            try await EventLoop.sleep(for: .milliseconds(milliseconds))
            client.close()
            server.thaw()
            try await EventLoop.sleep(for: .milliseconds(50))
            #expect(!client.isConnected)
            #expect(changes.isEmpty)
        }
    }
}

/// Why a client is not connected.
@EventLoop
private func absence(at url: String) async throws -> String {
    let client = RedisClient(try RedisConfiguration(url: url))
    defer { client.close() }
    while true {
        if let absence = client.absence { return absence }
        try await EventLoop.sleep(for: .milliseconds(1))
    }
}
