import EventLoop
import Primitives
import Redis

/// The views of days in Redis, shared by all processes. An entry is replaced only by a newer one, so repetitions and
/// late messages do no harm; a reader that finds no entry, or a damaged one, reads the database and stores it again.
@EventLoop
struct DayCache: Sendable {
    /// The content of a key.
    enum Finding: Sendable {
        case entry(DayEntry)
        case missing
        /// These bytes are not an entry.
        case corrupt([UInt8])
    }

    let client: RedisClient

    /// A cache at that address. Connects at once, and again whenever the connection is lost.
    init(_ configuration: RedisConfiguration) { client = RedisClient(configuration) }

    init(client: RedisClient) { self.client = client }

    func close() { client.close() }

    /// An entry that is not replaced expires, so that no error lasts for ever. In milliseconds.
    private static let lifetime = 3_600_000

    private static let replace = RedisScript(
        """
        local present = redis.call('GET', KEYS[1])
        if present then
            local version = tonumber(string.match(present, '^(%d+) '))
            if version and version >= tonumber(ARGV[1]) then return 0 end
        end
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        return 1
        """)

    private static let heal = RedisScript(
        """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        return 1
        """)

    static func name(of key: DayKey) -> String { "\(prefix)\(key.tenant):\(key.day)" }

    /// Reads entries in one round trip, in the order of `keys`.
    func find(_ keys: [DayKey]) async throws(RedisError) -> [Finding] {
        guard !keys.isEmpty else { return [] }
        let command = RedisCommand(["MGET"] + keys.map(Self.name))
        guard case .array(let replies) = try await client.send(command), replies.count == keys.count else {
            throw .server("unexpected answer to MGET")
        }
        return zip(keys, replies).map { key, reply in
            guard case .bytes(let bytes) = reply else { return .missing }
            return DayEntry(cacheText: bytes, of: key).map(Finding.entry) ?? .corrupt(bytes)
        }
    }

    /// Stores the entries that are newer than those in the cache. Throws the first failure.
    func store(_ entries: [DayEntry]) async throws(RedisError) {
        let commands = entries.map { entry in
            RedisCommand(
                running: Self.replace, keys: [Self.name(of: entry.key)],
                arguments: [entry.version, entry.cacheText, Self.someLifetime])
        }
        for result in await client.send(commands) { _ = try result.get() }
    }

    /// Replaces damaged bytes by an entry, unless another process has replaced them.
    func heal(_ damaged: [UInt8], with entry: DayEntry) async throws(RedisError) {
        _ = try await client.run(
            Self.heal, keys: [Self.name(of: entry.key)], arguments: [damaged, entry.cacheText, Self.someLifetime])
    }

    /// The run of Redis that answers: another one may have the content of an old backup or of a replica.
    func serverRun() async throws(RedisError) -> String {
        guard case .bytes(let bytes) = try await client.send(["INFO", "server"]) else { throw .server("INFO") }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard let line = lines.first(where: { $0.hasPrefix("run_id:") }) else { throw .server("INFO") }
        return String(line.dropFirst("run_id:".count))
    }

    /// Removes every entry.
    func purge() async throws(RedisError) { try await purge(Self.prefix) }

    /// Removes every entry of a tenant.
    func purge(_ tenant: TenantSlug) async throws(RedisError) { try await purge("\(Self.prefix)\(tenant):") }

    private func purge(_ prefix: String) async throws(RedisError) {
        var cursor = "0"
        repeat {
            let command: RedisCommand = ["SCAN", cursor, "MATCH", prefix + "*", "COUNT", 1000]
            guard case .array(let parts) = try await client.send(command), parts.count == 2,
                case .bytes(let next) = parts[0], case .array(let names) = parts[1]
            else { throw .server("SCAN") }
            let found = names.compactMap { name in if case .bytes(let bytes) = name { bytes } else { nil } }
            if !found.isEmpty { _ = try await client.send(RedisCommand(["UNLINK"] + found)) }
            cursor = String(decoding: next, as: UTF8.self)
        } while cursor != "0"
    }

    private static let prefix = "guichet:availability:"

    /// Spread, so that not all entries expire at once.
    private static var someLifetime: Int { Int.random(in: lifetime * 9 / 10...lifetime * 11 / 10) }
}
