import Foundation
import Glibc
import Synchronization

/// A peer of raw sockets that does on each connection what its script says.
///
/// It waits on threads of its own: tests that block those of Swift's pool would hold each other up.
package final class ScriptedPeer: Sendable {
    /// One accepted connection.
    package struct Connection: Sendable {
        /// Counts from 0.
        package let number: Int
        /// Its socket.
        package let descriptor: Int32
        fileprivate let log: @Sendable (String) -> Void

        /// Reads up to the end of a request without a body, or with one whose length is stated; "" when the client closed.
        package func request() -> String {
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 4096)
            while true {
                let text = String(decoding: bytes, as: UTF8.self)
                if let end = text.firstRange(of: "\r\n\r\n") {
                    let length =
                        text.lowercased().firstRange(of: "content-length: ")
                        .flatMap { Int(text.lowercased()[$0.upperBound...].prefix { $0.isNumber }) } ?? 0
                    if text[end.upperBound...].utf8.count >= length {
                        log(text)
                        return text
                    }
                }
                let count = recv(descriptor, &chunk, chunk.count, 0)
                guard count > 0 else { return "" }
                bytes += chunk.prefix(count)
            }
        }

        /// False when the client has closed.
        @discardableResult
        package func send(_ text: String) -> Bool {
            let bytes = Array(text.utf8)
            return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
        }

        /// Returns once the client has closed.
        package func waitForClose() {
            var byte: UInt8 = 0
            while recv(descriptor, &byte, 1, 0) > 0 {}
        }
    }

    /// Where it listens, on 127.0.0.1.
    package let port: UInt16
    private let listener: Int32
    private let received = Mutex<[String]>([])

    /// The requests that were read so far, whole.
    package var requests: [String] { received.withLock { $0 } }

    private init(_ script: @escaping @Sendable (Connection) -> Void) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        precondition(isListening, "the scripted peer cannot listen")
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in serve(script) }
    }

    /// Runs `body` with a peer of its own.
    package static func with<T>(
        _ script: @escaping @Sendable (Connection) -> Void, _ body: (ScriptedPeer) async throws -> T
    ) async rethrows -> T {
        let peer = ScriptedPeer(script)
        defer { shutdown(peer.listener, Int32(SHUT_RDWR)) }
        return try await body(peer)
    }

    /// Its root, in plain HTTP.
    package var url: String { "http://127.0.0.1:\(port)/" }

    private func serve(_ script: @escaping @Sendable (Connection) -> Void) {
        var number = 0
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            let connection = Connection(number: number, descriptor: descriptor) { [self] text in
                received.withLock { $0.append(text) }
            }
            number += 1
            Thread.detachNewThread {
                script(connection)
                close(descriptor)
            }
        }
        close(listener)
    }
}
