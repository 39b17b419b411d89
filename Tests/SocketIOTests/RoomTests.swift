import EventLoop
import SocketIO
import Testing

@Suite("Rooms, limits and the end")
struct RoomTests {
    @Test("rooms, refusals, limits and the drain are as their options say")
    func rooms() async throws {
        try await SocketIOServer.run("rooms", passing: 19) { metrics in
            RoomServer(metrics, recovery: nil) { options in
                options.engine.queuedBytes = 200_000
                options.engine.sessionsPerSource = 20
                options.engine.permitsOrigin = { $0 != "https://evil.example" }
            }.routes
        }
    }

    @Test("a client goes on after a lost connection, and learns when it cannot")
    func recovery() async throws {
        var limits = RecoveryLimits.standard
        limits.events = 80
        limits.bytes = 8192
        let kept = limits
        try await SocketIOServer.withOther({ RoomServer($0, recovery: kept).routes }) { port in
            try await SocketIOServer.run("recovery", ["\(port)"], passing: 20) { RoomServer($0, recovery: kept).routes }
        }
    }

    @Test("clients of PyPI are served over every transport", arguments: [false, true])
    func clients(recovers: Bool) async throws {
        try await SocketIOServer.run("clients", passing: 4) {
            RoomServer($0, recovery: recovers ? .standard : nil).routes
        }
    }
}
