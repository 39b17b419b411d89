import EventLoop
import HTTPServer
import JSONCoding
import Runtime
import SocketIO

/// A server of Socket.IO whose clients say what it shall do.
@EventLoop
final class RoomServer {
    let server: SocketServer
    private let main: Namespace
    private var drain: Task<Void, Never>?

    struct Busy: Error {}

    init(
        _ metrics: MetricsRegistry, recovery: RecoveryLimits?, _ change: (inout SocketServerOptions) -> Void = { _ in }
    ) {
        var options = SocketServerOptions(engine: EngineOptions(instance: "7"))
        change(&options)
        server = SocketServer("rooms", options, metrics: metrics)
        main = server.namespace("/", recovery: recovery.map { Recovery($0, keys: SocketIOServer.keys) })
        main.onConnect = { socket, auth in try await self.connect(socket, auth) }
        main.onDisconnect = { socket, reason in
            self.main.emit("gone", [Self.json(socket.id), Self.json("\(reason)")], to: "watchers")
        }
        serveRooms()
        serveTheRest()
    }

    var routes: [Route] { server.routes }

    private static func json(_ value: some Encodable) -> [UInt8] {
        do { return try JSONOutput.encode(value) } catch { preconditionFailure("\(error)") }
    }

    private func connect(_ socket: Socket, _ auth: [UInt8]) async throws {
        let text = String(decoding: auth, as: UTF8.self)
        if text.contains("\"refused\"") { throw ConnectRefusal("not \"you\"", data: Self.json(["code": 7])) }
        if text.contains("\"busy\"") { throw Busy() }
        if text.contains("\"slow\"") { try await EventLoop.sleep(for: .milliseconds(200)) }
        if let lost = socket.lost {
            let state = [Self.json("\(lost.reason)"), Self.json(lost.rooms), Self.json(lost.identity)]
            socket.emit("snapshot", state)
        }
        if text.contains("\"lobby\"") { socket.join("lobby") }
        if text.contains("\"named\"") { socket.identity = [1, 2, 3] }
    }

    private func serveRooms() {
        main.on("join") { socket, arguments, acknowledgement in
            guard let room = try? arguments.decode(String.self, at: 0) else { return }
            socket.join(room)
            acknowledgement?.send([Self.json(socket.rooms)])
        }
        main.on("leave") { socket, arguments, acknowledgement in
            guard let room = try? arguments.decode(String.self, at: 0) else { return }
            socket.leave(room)
            acknowledgement?.send([Self.json(socket.rooms)])
        }
        main.on("say") { _, arguments, acknowledgement in
            self.say(arguments, volatile: false)
            acknowledgement?.send([])
        }
        main.on("murmur") { _, arguments, acknowledgement in
            self.say(arguments, volatile: true)
            acknowledgement?.send([])
        }
        main.on("flood") { _, arguments, acknowledgement in
            guard let room = try? arguments.decode(String.self, at: 0),
                let count = try? arguments.decode(Int.self, at: 1)
            else { return }
            for number in 0..<count { self.main.emit("news", [Self.json(number), arguments[2] ?? []], to: room) }
            acknowledgement?.send([])
        }
    }

    private func say(_ arguments: Arguments, volatile: Bool) {
        let room = try? arguments.decode(String.self, at: 0)
        guard let event = try? arguments.decode(String.self, at: 1) else { return }
        main.emit(
            event, Array(arguments.all.dropFirst(2)), attachments: arguments.attachments, to: room, volatile: volatile)
    }

    private func serveTheRest() {
        main.on("me") { socket, _, acknowledgement in
            let data = socket.data as? [UInt8] ?? Self.json("")
            acknowledgement?.send([Self.json(socket.id), Self.json(socket.isRecovered), Self.json(socket.rooms), data])
        }
        main.on("tell") { socket, arguments, _ in socket.emit("told", arguments.all) }
        main.on("keep") { socket, arguments, acknowledgement in
            socket.data = arguments[0]
            acknowledgement?.send([])
        }
        main.on("kick") { socket, arguments, _ in
            socket.disconnect(close: (try? arguments.decode(Bool.self, at: 0)) ?? false)
        }
        main.on("ask") { socket, arguments, _ in
            EventLoop.start {
                let answer = await socket.request("question", arguments.all, within: .milliseconds(500))
                socket.emit("answer", answer?.all ?? [Self.json("none")])
            }
        }
        main.on("count") { _, _, acknowledgement in acknowledgement?.send([Self.json(self.main.socketCount)]) }
        main.on("drain") { _, _, _ in self.drain = EventLoop.start { await self.server.drain(over: .milliseconds(400)) }
        }
    }
}
