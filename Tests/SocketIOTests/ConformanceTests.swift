import SocketIO
import Testing

@Suite("Engine.IO v4 and Socket.IO v5, packet by packet")
struct ConformanceTests {
    @Test("Engine.IO does what the protocol says, on both transports")
    func engine() async throws {
        try await SocketIOServer.run("engine", passing: 35) { ConformanceServer(metrics: $0).routes }
    }

    @Test("Engine.IO loses nothing in upgrades while messages pass both ways")
    func upgrades() async throws {
        try await SocketIOServer.run("upgrades", passing: 1) {
            ConformanceServer(pingTimeout: .seconds(5), metrics: $0).routes
        }
    }

    @Test("Socket.IO does what the protocol says")
    func packets() async throws {
        try await SocketIOServer.run("packets", passing: 24) { ConformanceServer(metrics: $0).routes }
    }
}
