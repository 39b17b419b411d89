import EventLoop
import Glibc
import Runtime

/// The detached sockets of a server that are open.
@EventLoop
final class DetachedSockets {
    private let limit: Int
    private var open: [Int32: DetachedSocket] = [:]
    /// The most that were open since unused memory was last given back.
    private var peak = 0
    private var isTrimDue = false
    /// Called when the last one was closed.
    var whenEmpty: (@EventLoop () -> Void)?

    init(limit: Int) { self.limit = limit }

    var count: Int { open.count }
    var isFull: Bool { open.count >= limit }

    /// Takes over the connection of a descriptor. Returns nil when there are too many, or no descriptor is left.
    func detach(_ descriptor: Int32, received: [UInt8] = []) -> DetachedSocket? {
        guard !isFull, let socket = DetachedSocket(of: descriptor, received: received, owner: self) else { return nil }
        open[socket.descriptor] = socket
        peak = max(peak, open.count)
        return socket
    }

    func closed(_ descriptor: Int32) {
        open[descriptor] = nil
        giveBackMemory()
        if open.isEmpty { whenEmpty?() }
    }

    /// Asks the protocols to end their connections, at most ``drainRate`` in a second and within `time`, so that clients do
    /// not all arrive at the other replicas in the same moment.
    func drain(within time: Duration) {
        let sockets = Array(open.values)
        let turn = Duration.milliseconds(10)
        let turns = max(1, min(Int(time / turn), sockets.count * 100 / Self.drainRate))
        let share = (sockets.count + turns - 1) / turns
        for number in 0..<turns where number * share < sockets.count {
            let part = sockets[number * share..<min((number + 1) * share, sockets.count)]
            guard number > 0 else { for socket in part { socket.onDrain?() }; continue }
            EventLoop.schedule(after: turn * number) { for socket in part { socket.onDrain?() } }
        }
    }

    /// Closes all that are open.
    func stop() { for socket in Array(open.values) { socket.end() } }

    private static let drainRate = 1000

    /// The allocator keeps what many connections have freed: it is given back when half of a large number have left.
    private func giveBackMemory() {
        guard peak >= 200, open.count <= peak / 2, !isTrimDue else { return }
        isTrimDue = true
        EventLoop.schedule(after: .seconds(2)) { [weak self] in
            UnusedMemory.giveBack()
            guard let self else { return }
            (peak, isTrimDue) = (open.count, false)
        }
    }
}
