/// A command and its arguments, which may be any bytes: `["SET", key, value, "PX", 1500]`.
///
/// This client does not support commands that change what the server sends afterwards (SUBSCRIBE, MONITOR, CLIENT
/// REPLY).
package struct RedisCommand: Sendable, ExpressibleByArrayLiteral {
    /// All arguments in sequence, and the end of each.
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    /// The script to run, if any; the arguments are then those that follow the script's digest.
    let script: RedisScript?

    /// A command by its name and arguments; the name is the first element.
    package init(arrayLiteral elements: any RedisArgument...) { self.init(elements) }

    /// A command whose number of arguments is only known at run time.
    package init(_ arguments: [any RedisArgument]) {
        script = nil
        append(arguments)
    }

    /// Runs a script, which gets `keys` as KEYS and `arguments` as ARGV. Redis may spread keys over several servers, so
    /// `keys` must contain every key that the script uses.
    package init(running script: RedisScript, keys: [String], arguments: [any RedisArgument] = []) {
        self.script = script
        append([keys.count] + keys + arguments)
    }

    /// The same arguments after `names`.
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

    /// Passes the arguments in the form that C needs: their count, start addresses and lengths.
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
