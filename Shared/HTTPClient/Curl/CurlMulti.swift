import CCurl
import EventLoop
import Glibc

/// libcurl's multi interface inside the event loop: libcurl names the sockets and the timer that it waits for, and the
/// loop calls it back. All of it runs on the loop's thread.
@EventLoop
final class CurlMulti {
    private static let isInitialized: Bool = {
        // OpenSSL writes to sockets without MSG_NOSIGNAL: a peer that has just left would end the process.
        signal(SIGPIPE, SIG_IGN)
        return guichet_curl_init() == CURLE_OK
    }()

    private let configuration: HTTPClientConfiguration
    /// Nil once closed.
    private var handle: OpaquePointer?
    private var transfers: [ObjectIdentifier: Transfer] = [:]
    private var watched: Set<Int32> = []
    private var timer: LoopTimer?

    var requestCount: Int { transfers.count }

    init(_ configuration: HTTPClientConfiguration) {
        precondition(Self.isInitialized, "libcurl could not be initialized")
        self.configuration = configuration
        handle = curl_multi_init().map { OpaquePointer($0) }
        guard let multi else { preconditionFailure("libcurl could not allocate a handle") }
        guichet_observe(multi, socketChanged, timerChanged, Unmanaged.passUnretained(self).toOpaque())
        guichet_limit_connections(multi, configuration.connections, configuration.connectionsPerHost)
    }

    private var multi: UnsafeMutableRawPointer? { handle.map { UnsafeMutableRawPointer($0) } }

    /// Sends one request once. Cancelling the task ends it at once.
    ///
    /// - Parameter onFreshConnection: libcurl repeats a request by itself when a reused connection is closed before the
    ///   answer, whatever the method; on a connection of its own a request is sent at most once.
    func perform(_ request: HTTPRequest, onFreshConnection: Bool, within time: Duration) async -> HTTPOutcome {
        guard let multi else { return .notSent(.closed) }
        guard time > .zero else { return .notSent(.deadline) }
        guard transfers.count < configuration.requests else { return .notSent(.saturated) }
        guard let transfer = Transfer(request, configuration, onFreshConnection: onFreshConnection, within: time)
        else { return .notSent(.invalidRequest) }
        guard !Task.isCancelled, curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else {
            transfer.release()
            return .notSent(.cancelled)
        }
        transfers[ObjectIdentifier(transfer)] = transfer
        return await withTaskCancellationHandler {
            await transfer.outcome.fulfilment()
        } onCancel: {
            EventLoop.start { self.abandon(transfer, .cancelled) }
        }
    }

    /// Ends every transfer and every connection.
    func close() {
        for transfer in transfers.values { abandon(transfer, .closed) }
        guard let multi else { return }
        timer?.cancel()
        curl_multi_cleanup(multi)
        handle = nil
        for descriptor in watched { EventLoop.unwatch(descriptor) }
        watched = []
    }

    private func abandon(_ transfer: Transfer, _ reason: HTTPOutcome.Reason) {
        guard transfers[ObjectIdentifier(transfer)] != nil else { return }
        end(transfer, transfer.failed(reason))
    }

    private func end(_ transfer: Transfer, _ outcome: HTTPOutcome) {
        transfers[ObjectIdentifier(transfer)] = nil
        if let multi { curl_multi_remove_handle(multi, transfer.easy) }
        transfer.release()
        transfer.outcome.fulfil(outcome)
    }

    /// Lets libcurl work on a socket, or on what is due, and takes what is finished.
    private func act(on descriptor: Int32, _ events: Int32) {
        guard let multi else { return }
        var running: Int32 = 0
        curl_multi_socket_action(multi, descriptor, events, &running)
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let code = message.pointee.data.result
            let transfer = Transfer.of(easy)
            end(transfer, transfer.finished(code))
        }
    }
}

// What libcurl asks for; it must not be called back from within.
extension CurlMulti {
    fileprivate func watch(_ descriptor: Int32, for what: Int32, isNew: Bool) {
        // libcurl may have closed a socket of the same number without a word, and the kernel has forgotten it then.
        if what == CURL_POLL_REMOVE || isNew, watched.remove(descriptor) != nil { EventLoop.unwatch(descriptor) }
        guard what != CURL_POLL_REMOVE else { return }
        var events: DescriptorEvents = []
        if what & CURL_POLL_IN != 0 { events.insert(.read) }
        if what & CURL_POLL_OUT != 0 { events.insert(.write) }
        guard watched.insert(descriptor).inserted else { return EventLoop.rewatch(descriptor, for: events) }
        EventLoop.watch(descriptor, for: events) { [weak self] ready in
            var mask: Int32 = 0
            if ready.contains(.read) { mask |= CURL_CSELECT_IN }
            if ready.contains(.write) { mask |= CURL_CSELECT_OUT }
            if !ready.isDisjoint(with: .failure) { mask |= CURL_CSELECT_ERR }
            self?.act(on: descriptor, mask)
        }
        // Marks the socket as known until libcurl closes it.
        if let multi { curl_multi_assign(multi, descriptor, multi) }
    }

    fileprivate func wake(afterMilliseconds delay: Int) {
        timer?.cancel()
        timer = nil
        guard delay >= 0 else { return }
        timer = EventLoop.schedule(after: .milliseconds(delay)) { [weak self] in
            self?.act(on: CURL_SOCKET_TIMEOUT, 0)
        }
    }
}

private func socketChanged(
    easy: UnsafeMutableRawPointer?, descriptor: curl_socket_t, what: Int32, context: UnsafeMutableRawPointer?,
    socket: UnsafeMutableRawPointer?
) -> Int32 {
    let isNew = socket == nil
    withObject(context, CurlMulti.self) { $0.watch(descriptor, for: what, isNew: isNew) }
    return 0
}

private func timerChanged(multi: UnsafeMutableRawPointer?, delay: Int, context: UnsafeMutableRawPointer?) -> Int32 {
    withObject(context, CurlMulti.self) { $0.wake(afterMilliseconds: delay) }
    return 0
}

/// Runs `body` on the object that a callback of libcurl was given. Those callbacks come on the loop's thread.
@discardableResult
func withObject<T: AnyObject & Sendable, Value: Sendable>(
    _ context: UnsafeMutableRawPointer?, _ type: T.Type, _ body: @EventLoop (T) -> Value
) -> Value? {
    guard let context else { return nil }
    let object = Unmanaged<T>.fromOpaque(context).takeUnretainedValue()
    return EventLoop.assumeIsolated { body(object) }
}
