import EventLoop
import Redis
import RedisTesting
import Testing

private let compareAndSet = RedisScript(
    """
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    redis.call('SET', KEYS[1], ARGV[2])
    return 1
    """)

@Suite("Running a script")
struct ScriptTests {
    @Test("lets exactly one caller win a compare-and-set")
    func race() async throws {
        try await TestRedis.with { server in
            try await server.withClient { client in
                #expect(try await client.send(["SET", "slot", "free"]) == .status("OK"))
                let callers = (0..<50).map { caller in
                    Task.immediate { @EventLoop in
                        try await client.run(compareAndSet, keys: ["slot"], arguments: ["free", caller])
                    }
                }
                var winners: [Int] = []
                for (number, caller) in callers.enumerated() {
                    if try await caller.value == .integer(1) { winners.append(number) }
                }
                try #require(winners.count == 1)
                #expect(try await client.send(["GET", "slot"]) == .bytes(Array("\(winners[0])".utf8)))
            }
        }
    }

    @Test("sends its source once, and then its digest")
    func digest() async throws {
        try await TestRedis.with { server in
            try await server.withClient { client async throws in
                for turn in 0..<5 {
                    #expect(try await client.run(compareAndSet, keys: ["k"], arguments: ["a", turn]) == .integer(0))
                }
                #expect(try await calls(of: "eval", client) == 1)
                #expect(try await calls(of: "evalsha", client) == 4)
            }
        }
    }

    @Test("continues when the server no longer has it")
    func forgotten() async throws {
        try await TestRedis.with { server in
            try await server.withClient { client async throws in
                #expect(try await client.run(compareAndSet, keys: ["k"], arguments: ["a", "b"]) == .integer(0))
                #expect(try await client.send(["SCRIPT", "FLUSH"]) == .status("OK"))
                let results = await client.send([
                    ["SET", "k", "a"],
                    RedisCommand(running: compareAndSet, keys: ["k"], arguments: ["a", [0, 255] as [UInt8]]),
                    ["DEL", "other"],
                ])
                #expect(results == [.success(.status("OK")), .success(.integer(1)), .success(.integer(0))])
                #expect(try await client.send(["GET", "k"]) == .bytes([0, 255]))
                #expect(client.statistics.commands == 6)
                #expect(client.statistics.failures == 0)
            }
        }
    }

    @Test("keeps its place among other commands")
    func pipelined() async throws {
        try await TestRedis.with { server in
            try await server.withClient { client async throws in
                for _ in 0..<2 {
                    let results = await client.send([
                        ["SET", "k", "a"],
                        RedisCommand(running: compareAndSet, keys: ["k"], arguments: ["a", "b"]),
                        ["GET", "k"],
                        RedisCommand(running: compareAndSet, keys: ["k"], arguments: ["a", "c"]),
                    ])
                    #expect(
                        results == [
                            .success(.status("OK")), .success(.integer(1)), .success(.bytes([98])),
                            .success(.integer(0)),
                        ])
                }
            }
        }
    }

    @Test("throws the errors of the script")
    func broken() async throws {
        try await TestRedis.with { server in
            try await server.withClient { client async throws in
                for source in ["return redis.error_reply('MINE no')", "return {1, redis.error_reply('MINE no')}"] {
                    await #expect(throws: RedisError.server("MINE no")) {
                        try await client.run(RedisScript(source), keys: [])
                    }
                }
                await #expect(throws: RedisError.self) { try await client.run(RedisScript("not Lua"), keys: []) }
            }
        }
    }
}

/// How often the server has run a command.
@EventLoop
private func calls(of command: String, _ client: RedisClient) async throws -> Int? {
    guard case .bytes(let bytes) = try await client.send(["INFO", "commandstats"]) else { return nil }
    let line = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").first {
        $0.hasPrefix("cmdstat_\(command):calls=")
    }
    return line.flatMap { $0.split(separator: "=").dropFirst().first }.flatMap { Int($0.prefix { $0 != "," }) }
}
