import CMicroHTTPD
import EventLoop
import Glibc

// The functions that libmicrohttpd calls, always from `MHD_run` and thus on the loop. `context` is the daemon; the
// object of a request is its `Exchange`, that of a socket its `Connection`.

func beginRequest(
    context: UnsafeMutableRawPointer?, target: UnsafePointer<CChar>?, handle: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let context, let target, let handle, let socket = guichet_socket_context(handle) else { return nil }
    let call = Unchecked((context, target, handle, socket))
    return EventLoop.assumeIsolated {
        let (context, target, handle, socket) = call.value
        let exchange = object(context, MicroHTTPDaemon.self)
            .begin(handle, target: target, on: object(socket, Connection.self))
        // Released in `completeRequest`.
        return Unchecked(Unmanaged.passRetained(exchange).toOpaque())
    }.value
}

func handleRequest(
    context: UnsafeMutableRawPointer?, handle: OpaquePointer?, url: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, body: UnsafePointer<CChar>?,
    bodySize: UnsafeMutablePointer<Int>?, request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let url, let method, let version, let bodySize, let request = request?.pointee else { return .NO }
    let call = Unchecked((request, RequestLine(method: method, url: url, version: version), body, bodySize))
    return EventLoop.assumeIsolated {
        let (request, line, body, bodySize) = call.value
        let exchange = object(request, Exchange.self)
        guard bodySize.pointee > 0 else {
            return exchange.proceed(line) ? .YES : .NO
        }
        defer { bodySize.pointee = 0 }
        return exchange.receive(UnsafeRawBufferPointer(start: body, count: bodySize.pointee)) ? .YES : .NO
    }
}

/// The answer 101 was sent. `extra` is what the client sent behind its request.
func upgradeConnection(
    context: UnsafeMutableRawPointer?, handle: OpaquePointer?, request: UnsafeMutableRawPointer?,
    extra: UnsafePointer<CChar>?, extraSize: Int, descriptor: MHD_socket, upgrade: OpaquePointer?
) {
    guard let context, let request, let upgrade else { return }
    let received = Array(UnsafeRawBufferPointer(start: extra, count: extra == nil ? 0 : extraSize))
    let call = Unchecked((context, request, upgrade))
    EventLoop.assumeIsolated {
        let (context, request, upgrade) = call.value
        object(request, Exchange.self).upgraded(received: received)
        // A duplicate of the descriptor lives on; libmicrohttpd closes its own in its next run.
        guichet_close_upgraded(upgrade)
        object(context, MicroHTTPDaemon.self).pumpSoon()
    }
}

func completeRequest(
    context: UnsafeMutableRawPointer?, handle: OpaquePointer?, request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    reason: MHD_RequestTerminationCode
) {
    guard let pointer = request?.pointee else { return }
    let call = Unchecked(pointer)
    EventLoop.assumeIsolated { Unmanaged<Exchange>.fromOpaque(call.value).takeRetainedValue().end() }
}

func notifyConnection(
    context: UnsafeMutableRawPointer?, handle: OpaquePointer?, socket: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    what: MHD_ConnectionNotificationCode
) {
    guard let context, let handle, let socket else { return }
    let call = Unchecked((context, handle, socket))
    EventLoop.assumeIsolated {
        let (context, handle, socket) = call.value
        let daemon = object(context, MicroHTTPDaemon.self)
        if what == .CONNECTION_NOTIFY_STARTED {
            // The daemon's table keeps the connection until it is closed.
            socket.pointee = Unmanaged.passUnretained(daemon.opened(handle)).toOpaque()
        } else if let connection = socket.pointee {
            daemon.closed(object(connection, Connection.self))
        }
    }
}

/// libmicrohttpd reports a failure before it acts on it.
func noticeFailure(_ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    let call = Unchecked(context)
    EventLoop.assumeIsolated { object(call.value, MicroHTTPDaemon.self).failed() }
}

/// Targets are decoded by our own rules: libmicrohttpd leaves them as they are.
func leaveEscaped(
    context: UnsafeMutableRawPointer?, handle: OpaquePointer?, text: UnsafeMutablePointer<CChar>?
) -> Int {
    text.map { strlen($0) } ?? 0
}

private func object<T: AnyObject>(_ pointer: UnsafeMutableRawPointer, _ type: T.Type) -> T {
    Unmanaged<T>.fromOpaque(pointer).takeUnretainedValue()
}

/// Takes pointers into code of the loop.
private struct Unchecked<Value>: @unchecked Sendable {
    // Safety: made and used within one call on one thread.
    let value: Value
    init(_ value: Value) { self.value = value }
}
