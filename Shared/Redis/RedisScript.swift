/// A program in Lua that the server runs as one command, with nothing in between.
///
/// Server and client remember every script they have seen: scripts are constants, and what varies is an argument.
package struct RedisScript: Sendable, Hashable {
    let source: String

    /// A script by its source, which reads KEYS and ARGV.
    package init(_ source: String) { self.source = source }
}

/// By which digest the server knows each script, once it has told.
///
/// A script is sent in full the first time, together with the question for its digest; from then on by its digest, and in
/// full again only when a server has forgotten it.
struct ScriptDigests {
    private var digests: [RedisScript: String] = [:]

    /// The scripts of `commands` whose digest must be asked for.
    func unknown(in commands: [RedisCommand]) -> [RedisScript] {
        Array(Set(commands.compactMap(\.script)).filter { digests[$0] == nil })
    }

    /// Remembers the server's answer to SCRIPT LOAD, if it is one.
    mutating func learn(_ answer: Result<RedisReply, RedisError>, of script: RedisScript) {
        if case .success(.bytes(let digest)) = answer { digests[script] = String(decoding: digest, as: UTF8.self) }
    }

    /// The command as it is sent.
    func written(_ command: RedisCommand) -> RedisCommand {
        guard let script = command.script else { return command }
        guard let digest = digests[script] else { return Self.inFull(command, script) }
        return command.following("EVALSHA", digest)
    }

    /// The command as it is sent to a server that has forgotten its script; nil when `answer` does not say so.
    func rewritten(_ command: RedisCommand, after answer: Result<RedisReply, RedisError>) -> RedisCommand? {
        guard let script = command.script, case .failure(.server(let message)) = answer, message.hasPrefix("NOSCRIPT")
        else { return nil }
        return Self.inFull(command, script)
    }

    private static func inFull(_ command: RedisCommand, _ script: RedisScript) -> RedisCommand {
        command.following("EVAL", script.source)
    }
}
