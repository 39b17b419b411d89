/// What may stand in a command: a text, a whole number, or any bytes.
package protocol RedisArgument: Sendable {
    /// Appends the bytes that the server gets.
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
