import EventLoop
import Glibc
import Synchronization

/// A TCP connection to a server under test: sends any bytes, reads what comes back as HTTP/1.1 answers.
///
/// It waits on threads of its own: tests that block those of Swift's pool would hold each other up.
package final class RawClient: Sendable {
    /// An answer in HTTP/1.1.
    package struct Response: Sendable {
        /// The status.
        package let status: Int
        /// By name in lower case.
        package let headers: [String: String]
        /// As text.
        package let body: String
    }

    private static let readers = BlockingPool(threads: 32, waiting: 1000)

    private let descriptor: Int32
    private let received = Mutex<[UInt8]>([])

    /// Connects to a port of this machine. `receiveBuffer` is that of the socket, in bytes; the kernel's choice if nil.
    package init(port: UInt16, receiveBuffer: Int32? = nil) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        precondition(Self.connect(descriptor, port), "the server under test does not listen")
        // A test that waits for an answer that never comes fails after this time.
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Whether `port` of this machine accepts connections.
    package static func canConnect(port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return connect(descriptor, port)
    }

    private static func connect(_ descriptor: Int32, _ port: UInt16) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Sends text as UTF-8; false when the server has closed.
    @discardableResult
    package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// False when the server has closed.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) } == bytes.count
    }

    /// A whole request with `Host` and, for a body, its length and type.
    package func request(
        _ method: String, _ target: String, headers: [String: String] = [:], body: String? = nil
    ) async -> Response? {
        var all = headers
        if let body {
            all["Content-Length"] = String(body.utf8.count)
            if all["Content-Type"] == nil { all["Content-Type"] = "application/json" }
        }
        let fields = all.map { "\($0): \($1)\r\n" }.joined()
        send("\(method) \(target) HTTP/1.1\r\nHost: test\r\n\(fields)\r\n\(body ?? "")")
        return await response(hasBody: method != "HEAD")
    }

    /// The next answer; nil when the server closes first.
    package func response(hasBody: Bool = true) async -> Response? {
        let end = Array("\r\n\r\n".utf8)
        while buffer.firstRange(of: end) == nil { guard await fill() else { return nil } }
        guard let range = buffer.firstRange(of: end) else { return nil }
        let head = await bytes(range.upperBound) ?? []
        let lines = String(decoding: head[..<range.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            headers[line[..<colon].lowercased()] = line[colon...].dropFirst().drop { $0 == " " }.description
        }
        if status == 100 { return await response(hasBody: hasBody) }
        let length = hasBody ? headers["content-length"].flatMap { Int($0) } ?? 0 : 0
        guard let body = await bytes(length) else { return nil }
        return Response(status: status, headers: headers, body: String(decoding: body, as: UTF8.self))
    }

    /// The next `count` bytes; nil when the server closes first.
    package func bytes(_ count: Int) async -> [UInt8]? {
        while buffer.count < count { guard await fill() else { return nil } }
        return received.withLock { buffer in
            defer { buffer.removeFirst(count) }
            return Array(buffer.prefix(count))
        }
    }

    /// What comes up to and with `end`, as text; nil when the server closes before.
    package func text(through end: String) async -> String? {
        let end = Array(end.utf8)
        while true {
            if let range = buffer.firstRange(of: end) {
                return await bytes(range.upperBound).map { String(decoding: $0, as: UTF8.self) }
            }
            guard await fill() else { return nil }
        }
    }

    private var buffer: [UInt8] { received.withLock { $0 } }

    /// Cuts the connection in both directions.
    package func cut() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// True once the server has closed; false when it sends something or stays silent for too long.
    package func isClosedByServer() async -> Bool { await receive().map(\.isEmpty) ?? false }

    private func fill() async -> Bool {
        guard let bytes = await receive(), !bytes.isEmpty else { return false }
        received.withLock { $0 += bytes }
        return true
    }

    /// What comes next: nothing when the server has closed, nil when it keeps silent for too long.
    private func receive() async -> [UInt8]? {
        let descriptor = self.descriptor
        return try? await Self.readers.run {
            var chunk = [UInt8](repeating: 0, count: 64 * 1024)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count < 0 { return errno == ECONNRESET ? [] : nil }
            return Array(chunk.prefix(count))
        }
    }
}
