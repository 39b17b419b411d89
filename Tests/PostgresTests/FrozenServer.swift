import Glibc

/// Accepts connections as PostgreSQL does but never answers: from the start, or from the first statement on.
final class FrozenServer: Sendable {
    private static let greeting: [UInt8] = [
        UInt8(ascii: "R"), 0, 0, 0, 8, 0, 0, 0, 0,  // no password is wanted
        UInt8(ascii: "Z"), 0, 0, 0, 5, UInt8(ascii: "I"),  // ready for statements
    ]

    private let listener: Int32
    /// For clients that send nothing before their start-up message.
    let url: String

    init() {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { [listener] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length)
                getsockname(listener, generic, &length)
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
        // The system itself accepts the connections that this server does not answer.
        listen(listener, 8)
        url = "postgres://nobody@127.0.0.1:\(port)/none?sslmode=disable&gssencmode=disable"
    }

    deinit { close(listener) }

    /// Answers the start-up of one client, then stays silent. Blocks its thread until the client closes the connection.
    func greet() {
        let client = accept(listener, nil, nil)
        defer { close(client) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        guard read(client, &buffer, buffer.count) > 0 else { return }
        _ = write(client, Self.greeting, Self.greeting.count)
        while read(client, &buffer, buffer.count) > 0 {}
    }
}
