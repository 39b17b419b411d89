/// A Lua program that the server runs atomically, as one command.
///
/// Server and client remember every script that they have seen: scripts are constants, and what varies is an argument.
package struct RedisScript: Sendable, Hashable {
    let source: String

    /// A script from its source, which reads KEYS and ARGV.
    package init(_ source: String) { self.source = source }
}

/// The digest under which the server knows each script, once it has been learnt.
///
/// A script is sent in full the first time, together with SCRIPT LOAD, which returns the digest. Later it is sent by
/// digest, and in full again only if a server no longer has it.
struct ScriptDigests {
    private var digests: [RedisScript: String] = [:]

    /// The scripts of `commands` whose digest is unknown.
    func unknown(in commands: [RedisCommand]) -> [RedisScript] {
        Array(Set(commands.compactMap(\.script)).filter { digests[$0] == nil })
    }

    /// Stores the digest from the server's answer to SCRIPT LOAD, if it is one.
    mutating func learn(_ answer: Result<RedisReply, RedisError>, of script: RedisScript) {
        if case .success(.bytes(let digest)) = answer { digests[script] = String(decoding: digest, as: UTF8.self) }
    }

    /// The command in the form that is sent.
    func written(_ command: RedisCommand) -> RedisCommand {
        guard let script = command.script else { return command }
        guard let digest = digests[script] else { return Self.inFull(command, script) }
        return command.following("EVALSHA", digest)
    }

    /// The command in the form for a server that no longer has its script; nil if `answer` does not say so.
    func rewritten(_ command: RedisCommand, after answer: Result<RedisReply, RedisError>) -> RedisCommand? {
        guard let script = command.script, case .failure(.server(let message)) = answer, message.hasPrefix("NOSCRIPT")
        else { return nil }
        return Self.inFull(command, script)
    }

    private static func inFull(_ command: RedisCommand, _ script: RedisScript) -> RedisCommand {
        command.following("EVAL", script.source)
    }
}
