/// A command and its arguments, which may hold any bytes: `["SET", key, value, "PX", 1500]`.
///
/// Commands that change what the server sends from then on (SUBSCRIBE, MONITOR, CLIENT REPLY) are not for this client.
package struct RedisCommand: Sendable, ExpressibleByArrayLiteral {
    /// All arguments, one behind the other, and where each of them ends.
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    /// The script that is run; then the arguments are what follows it.
    let script: RedisScript?

    /// A command by its name and arguments; the name is the first element.
    package init(arrayLiteral elements: any RedisArgument...) { self.init(elements) }

    /// A command whose number of arguments is known at run time.
    package init(_ arguments: [any RedisArgument]) {
        script = nil
        append(arguments)
    }

    /// Runs a script, which gets `keys` as KEYS and `arguments` as ARGV. Redis may keep keys on several servers, so
    /// every key that the script touches is among `keys`.
    package init(running script: RedisScript, keys: [String], arguments: [any RedisArgument] = []) {
        self.script = script
        append([keys.count] + keys + arguments)
    }

    /// The same arguments behind `names`.
    func following(_ names: String...) -> RedisCommand {
        var whole = RedisCommand(names)
        whole.ends += ends.map { $0 + whole.bytes.count }
        whole.bytes += bytes
        return whole
    }

    private mutating func append(_ arguments: [any RedisArgument]) {
        for argument in arguments {
            argument.write(to: &bytes)
            ends.append(bytes.count)
        }
    }

    /// Lends the arguments as C has them: how many there are, where each begins, and how long it is.
    func withArguments<T>(
        _ body: (Int32, UnsafeMutablePointer<UnsafePointer<CChar>?>, UnsafePointer<Int>) -> T
    ) -> T {
        precondition(!bytes.isEmpty, "a command has a name")
        return bytes.withUnsafeBytes { bytes in
            let starts = [0] + ends.dropLast()
            var pointers = starts.map { bytes.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
            let lengths = zip(starts, ends).map { $1 - $0 }
            return body(Int32(ends.count), &pointers, lengths)
        }
    }
}
