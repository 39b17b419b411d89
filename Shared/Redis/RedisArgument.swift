/// A value that can be an argument of a command: text, a whole number, or bytes.
package protocol RedisArgument: Sendable {
    /// Appends the bytes that are sent to the server.
    func write(to bytes: inout [UInt8])
}

extension String: RedisArgument {
    package func write(to bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }
}

extension Int: RedisArgument {
    package func write(to bytes: inout [UInt8]) { description.write(to: &bytes) }
}

extension [UInt8]: RedisArgument {
    package func write(to bytes: inout [UInt8]) { bytes.append(contentsOf: self) }
}
