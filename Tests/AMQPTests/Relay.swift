import AMQP
import Glibc
import Synchronization

/// Forwards TCP connections to the broker until it is silenced: then they stay open but nothing is read from them, as
/// with a hung machine. Later connections work.
final class Relay: Sendable {
    private struct State {
        var generation = 0
        var descriptors: [Int32] = []
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    init(to broker: AMQPConfiguration) {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        port = withUnsafeMutablePointer(to: &address) { [listener] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length)
                getsockname(listener, generic, &length)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        listen(listener, 8)
        Self.thread { [self] in
            while true {
                let near = accept(listener, nil, nil)
                guard near >= 0 else { return }
                let far = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                var address = Self.loopback(port: broker.port)
                withUnsafePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        _ = connect(far, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                    }
                }
                let generation = state.withLock { state in
                    state.descriptors += [near, far]
                    return state.generation
                }
                Self.thread { self.pass(from: near, to: far, generation) }
                Self.thread { self.pass(from: far, to: near, generation) }
            }
        }
    }

    func fallSilent() { state.withLock { $0.generation += 1 } }

    /// Closes the connections, including silent ones.
    func cut() {
        for descriptor in state.withLock({ $0.descriptors }) { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    /// Closes the connections and accepts no more.
    func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        cut()
    }

    private func pass(from source: Int32, to target: Int32, _ generation: Int) {
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard state.withLock({ $0.generation == generation }) else { return }
            guard count > 0, send(target, buffer, count, Int32(MSG_NOSIGNAL)) == count else {
                shutdown(target, Int32(SHUT_RDWR))
                return
            }
        }
    }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func thread(_ body: @escaping @Sendable () -> Void) {
        final class Body {
            let run: @Sendable () -> Void; init(_ run: @escaping @Sendable () -> Void) { self.run = run }
        }
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, Unmanaged.passRetained(Body(body)).toOpaque())
        pthread_detach(thread)
    }
}
