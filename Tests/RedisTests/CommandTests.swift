import EventLoop
import Foundation
import Redis
import RedisTesting
import Testing

/// Lends a client of the private server that all tests share, and a unique prefix for keys.
private func withSharedServer(_ body: @EventLoop (RedisClient, String) async throws -> Void) async throws {
    let url = try #require(
        ProcessInfo.processInfo.environment["GUICHET_TEST_REDIS_URL"], "run the tests with `make test`")
    var configuration = try RedisConfiguration(url: url)
    configuration.commandDeadline = .seconds(20)  // Many tests run at the same time.
    try await RedisClient.with(configuration) { client in try await body(client, "test:\(UUID().uuidString):") }
}

@Suite("Sending commands")
struct CommandTests {
    @Test("returns any bytes as they were sent")
    func binary() async throws {
        try await withSharedServer { client, prefix async throws in
            let all = Array(UInt8.min...UInt8.max)
            let key = Array(prefix.utf8) + all
            for value in [all, [], Array("\r\n$3\r\n".utf8), [UInt8](repeating: 0, count: 100_000)] {
                #expect(try await client.send(["SET", key, value, "PX", 60_000]) == .status("OK"))
                #expect(try await client.send(["GET", key]) == .bytes(value))
            }
            #expect(try await client.send(["DEL", key, prefix]) == .integer(1))
        }
    }

    @Test("distinguishes the kinds of replies")
    func kinds() async throws {
        try await withSharedServer { client, prefix async throws in
            #expect(try await client.send(["GET", prefix]) == .null)
            #expect(try await client.send(["PING"]) == .status("PONG"))
            #expect(try await client.send(["STRLEN", prefix]) == .integer(0))
            #expect(try await client.send(["ECHO", "é"]) == .bytes(Array("é".utf8)))
            #expect(try await client.send(["LRANGE", prefix, 0, -1]) == .array([]))
            let nested = RedisScript("return {1, {'a', false}, redis.status_reply('fine')}")
            let expected: [RedisReply] = [.integer(1), .array([.bytes([97]), .null]), .status("fine")]
            #expect(try await client.run(nested, keys: []) == .array(expected))
        }
    }

    @Test("sends ten thousand commands in one write and gets their replies in order")
    func order() async throws {
        try await withSharedServer { client, _ async throws in
            let results = await client.send((0..<10_000).map { ["ECHO", $0] })
            #expect(results == (0..<10_000).map { .success(.bytes(Array("\($0)".utf8))) })
        }
    }

    @Test("keeps the replies of callers that send at once apart")
    func callers() async throws {
        try await withSharedServer { client, _ async throws in
            let callers = (0..<500).map { caller in
                Task.immediate { @EventLoop in
                    var replies: [RedisReply] = []
                    for turn in 0..<5 { replies.append(try await client.send(["ECHO", "\(caller) \(turn)"])) }
                    return replies
                }
            }
            for (number, caller) in callers.enumerated() {
                #expect(try await caller.value == (0..<5).map { .bytes(Array("\(number) \($0)".utf8)) })
            }
            #expect(client.statistics.outstanding == 0)
        }
    }

    @Test("throws the error of one command; the others have their replies")
    func errors() async throws {
        try await withSharedServer { client, prefix async throws in
            let results = await client.send([["SET", prefix, "x", "PX", 60_000], ["INCR", prefix], ["GET", prefix]])
            #expect(results[0] == .success(.status("OK")))
            #expect(results[1] == .failure(.server("ERR value is not an integer or out of range")))
            #expect(results[2] == .success(.bytes([120])))
            #expect(client.statistics.commands == 3)
            #expect(client.statistics.failures == 1)
            await #expect {
                try await client.send(["NONSENSE"])
            } throws: { error in
                guard case RedisError.server(let message) = error else { return false }
                return message.hasPrefix("ERR unknown command")
            }
        }
    }

    @Test("without commands returns no replies")
    func none() async throws {
        try await withSharedServer { client, _ in #expect(await client.send([RedisCommand]()).isEmpty) }
    }

    @Test("refuses at once the commands that would exceed the limit, and no others")
    func bound() async throws {
        try await TestRedis.with { server in
            var configuration = try server.configuration
            configuration.outstandingLimit = 10
            try await RedisClient.with(configuration) { client async throws in
                let tooMany = await client.send([RedisCommand](repeating: ["PING"], count: 11))
                #expect(tooMany.allSatisfy { $0 == .failure(.overloaded) })
                #expect(tooMany.count == 11)
                server.freeze()
                let waiting = Task.immediate { @EventLoop in
                    await client.send([RedisCommand](repeating: ["PING"], count: 10))
                }
                await #expect(throws: RedisError.overloaded) { try await client.send(["PING"]) }
                server.thaw()
                #expect(await waiting.value.allSatisfy { $0 == .success(.status("PONG")) })
                #expect(try await client.send(["PING"]) == .status("PONG"))
            }
        }
    }

    @Test("uses the database in the address")
    func database() async throws {
        try await TestRedis.with(password: "à l’abri/@:") { server in
            try await server.withClient { client async throws in
                #expect(try await client.send(["SET", "here", 1]) == .status("OK"))
            }
            try await RedisClient.with(RedisConfiguration(url: server.url + "/3")) { client async throws in
                #expect(try await client.send(["GET", "here"]) == .null)
                #expect(try await client.send(["DBSIZE"]) == .integer(0))
            }
        }
    }
}
