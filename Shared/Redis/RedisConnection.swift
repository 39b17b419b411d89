internal import CHiredis
internal import EventLoop
import Glibc

/// One connection to the server: hiredis writes and parses, the event loop reports readiness.
///
/// Only their order matches replies to commands. Once one reply is overdue, none after it is likely to come in time, so
/// the connection is closed.
@EventLoop
final class RedisConnection {
    /// No connection could be made, with the reason.
    struct Refused: Error, CustomStringConvertible { let description: String }

    /// Nil once the connection has ended.
    private var context: UnsafeMutablePointer<redisAsyncContext>?
    private let descriptor: Int32
    /// The events that hiredis waits for and the loop watches.
    private var wanted: DescriptorEvents = []
    private var watched: DescriptorEvents = []
    private var oldest: PendingReplies?
    private var newest: PendingReplies?
    /// Commands sent and not yet answered.
    private(set) var outstanding = 0
    private var alarm: (time: ContinuousClock.Instant, timer: LoopTimer)?
    /// Called once, with the reason, when the connection ends, before its commands fail.
    private let onEnd: @EventLoop (String) -> Void
    private let end = Promise<Void>()

    /// Starts to connect. `address` is numeric, because hiredis would resolve a name on this thread.
    init(address: String, port: Int, onEnd: @escaping @EventLoop (String) -> Void) throws(Refused) {
        // hiredis writes with write(2), which raises SIGPIPE if the server has closed the connection.
        signal(SIGPIPE, SIG_IGN)
        guard let context = redisAsyncConnect(address, Int32(port)) else { throw Refused(description: "out of memory") }
        guard context.pointee.err == REDIS_OK else {
            defer { redisAsyncFree(context) }
            throw Refused(description: errorText(of: context))
        }
        self.context = context
        self.onEnd = onEnd
        descriptor = context.pointee.c.fd
        install(on: context)
        EventLoop.watch(descriptor, for: watched) { [weak self] ready in self?.onReady(ready) }
    }

    var isOpen: Bool { context != nil }

    /// Sends the commands in one write. All of them must be answered within `limit`.
    func send(_ commands: [RedisCommand], within limit: Duration) -> PendingReplies {
        let pending = PendingReplies(count: commands.count, deadline: .now + limit)
        guard let context else {
            pending.fail(.away)
            return pending
        }
        append(pending)
        for command in commands {
            let code = command.withArguments { redisAsyncCommandArgv(context, takeReply, nil, $0, $1, $2) }
            guard code == REDIS_OK else {
                close("out of memory")
                return pending
            }
        }
        // Until the connection is up, hiredis buffers the commands.
        if context.pointee.c.flags & REDIS_CONNECTED != 0 { redisAsyncHandleWrite(context) }
        watchDescriptor()
        watchDeadline()
        return pending
    }

    /// Closes the connection; unanswered commands fail.
    func close(_ reason: String, failing error: RedisError = .lost) {
        guard let context else { return }
        end(reason, failing: error)
        redisAsyncFree(context)
    }

    /// Returns once the connection has ended.
    func ended() async { await end.fulfilment() }

    private func onReady(_ ready: DescriptorEvents) {
        guard let context else { return }
        if !ready.isDisjoint(with: [.read, .failure]) {
            // Data without a pending command means that the server is closing; hiredis would abort the process on any
            // other data.
            guard outstanding > 0 else { return close("the server closed the connection") }
            redisAsyncHandleRead(context)
        }
        if isOpen, ready.contains(.write) { redisAsyncHandleWrite(context) }
        watchDescriptor()
    }

    private func append(_ pending: PendingReplies) {
        if let newest { newest.next = pending } else { oldest = pending }
        newest = pending
        outstanding += pending.count
    }

    private func removeOldest() {
        oldest = oldest?.next
        if oldest == nil { newest = nil }
    }

    private func watchDescriptor() {
        guard isOpen, watched != wanted else { return }
        watched = wanted
        EventLoop.rewatch(descriptor, for: wanted)
    }

    /// One timer for all: the oldest command is overdue first. If none is overdue when the timer fires, it is set
    /// again, so commands answered in time need no timer.
    private func watchDeadline() {
        guard let oldest else { return }
        if let alarm {
            guard oldest.deadline < alarm.time else { return }
            alarm.timer.cancel()
        }
        let timer = EventLoop.schedule(after: oldest.deadline - .now) { [weak self] in self?.checkDeadline() }
        alarm = (oldest.deadline, timer)
    }

    private func checkDeadline() {
        alarm = nil
        if let oldest, oldest.deadline <= .now {
            close("the server did not answer in time", failing: .timeout)
        } else {
            watchDeadline()
        }
    }

    private func end(_ reason: String, failing error: RedisError) {
        context = nil
        EventLoop.unwatch(descriptor)
        alarm?.timer.cancel()
        outstanding = 0
        onEnd(reason)
        end.fulfil()
        while let pending = oldest {
            removeOldest()
            pending.fail(error)
        }
    }
}

/// The callbacks from hiredis. They are always called from one of its functions above, so on the loop.
extension RedisConnection {
    private func install(on context: UnsafeMutablePointer<redisAsyncContext>) {
        // Released in `cleanup`, the last callback from hiredis.
        let object = Unmanaged.passRetained(self).toOpaque()
        context.pointee.data = object
        context.pointee.ev.data = object
        context.pointee.ev.addRead = { object in connection(object) { $0.wanted.insert(.read) } }
        context.pointee.ev.delRead = { object in connection(object) { $0.wanted.remove(.read) } }
        context.pointee.ev.addWrite = { object in connection(object) { $0.wanted.insert(.write) } }
        context.pointee.ev.delWrite = { object in connection(object) { $0.wanted.remove(.write) } }
        context.pointee.ev.cleanup = { object in
            connection(object) { $0.contextEnds() }
            if let object { Unmanaged<RedisConnection>.fromOpaque(object).release() }
        }
    }

    fileprivate func take(_ answer: PendingReplies.Answer) {
        guard let pending = oldest else { return }
        outstanding -= 1
        pending.take(answer)
        if pending.isComplete { removeOldest() }
    }

    private func contextEnds() {
        if let context { end(errorText(of: context), failing: .lost) }
    }
}

private func connection(_ object: UnsafeMutableRawPointer?, _ body: @EventLoop (RedisConnection) -> Void) {
    guard let object else { return }
    let connection = Unmanaged<RedisConnection>.fromOpaque(object).takeUnretainedValue()
    EventLoop.assumeIsolated { body(connection) }
}

/// Without a reply the connection has ended, and the commands fail with it.
private func takeReply(
    context: UnsafeMutablePointer<redisAsyncContext>?, reply: UnsafeMutableRawPointer?,
    command: UnsafeMutableRawPointer?
) {
    guard let context, let reply = reply?.assumingMemoryBound(to: redisReply.self).pointee else { return }
    let answer = PendingReplies.Answer { () throws(RedisError) in try RedisReply(reply) }
    connection(context.pointee.data) { $0.take(answer) }
}

private func errorText(of context: UnsafeMutablePointer<redisAsyncContext>) -> String {
    context.pointee.errstr.map { String(cString: $0) } ?? ""
}
