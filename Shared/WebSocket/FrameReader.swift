import CWSLay
import Compression
import EventLoop

/// Turns the bytes of a client into messages, with wslay: masking, fragments, UTF-8 and the close handshake are checked
/// there, pings and close frames are answered there.
///
/// A context of wslay takes 9 KB. A reader has one only while a frame or a message is incomplete, so an idle connection has
/// none. One context serves all readers in turn: to allocate it for each message would leave a gap in memory beside each
/// connection.
@EventLoop
final class FrameReader {
    /// How the client, or its fault, ended the stream of frames.
    enum End: Equatable {
        /// The client sent a close frame.
        case closed(CloseCode)
        /// The client broke the protocol; the code is sent in the close frame.
        case failed(CloseCode)
    }

    /// What came of some bytes.
    struct Output {
        var messages: [WebSocketMessage] = []
        /// Frames that answer what was received: pongs and a close frame.
        var replies: [UInt8] = []
        var end: End?
    }

    /// The first reserved bit, as wslay has it: the message is compressed.
    nonisolated fileprivate static let compressedBit: UInt8 = 4
    /// The context that no reader has at present.
    private static var spare: wslay_event_context_ptr?
    /// The reader that parses at present. wslay calls back from within ``read(_:)`` alone.
    fileprivate private(set) static var current: FrameReader?

    private let messageSize: Int
    private let inflates: Bool
    private var context: wslay_event_context_ptr?
    private var output = Output()
    private var input: ArraySlice<UInt8> = []
    /// Bytes given to the present context, and those of whole frames among them.
    private var given = 0
    private var parsed = 0
    private var frameSize = 0
    private var isFinal = true
    private var isInMessage = false
    private var isCloseMalformed = false
    private var fault: CloseCode?

    /// - Parameter inflates: whether permessage-deflate was negotiated.
    init(messageSize: Int, inflates: Bool) { (self.messageSize, self.inflates) = (messageSize, inflates) }

    isolated deinit { wslay_event_context_free(context) }

    /// Parses what was received. After an ``Output/end`` there is nothing more to parse.
    func read(_ bytes: ArraySlice<UInt8>) -> Output {
        guard !bytes.isEmpty, let context = context ?? takeContext() else { return Output() }
        self.context = context
        input = bytes
        Self.current = self
        given += bytes.count
        if wslay_event_recv(context) != 0 || wslay_event_send(context) != 0 || isCloseMalformed {
            // wslay sends no code for a frame that it cannot parse at all, and accepts a close frame with half a code.
            fault = .protocolError
        } else if wslay_event_get_read_enabled(context) == 0 {
            output.end =
                wslay_event_get_close_received(context) != 0
                ? .closed(received(wslay_event_get_status_code_received(context)))
                : .failed(CloseCode(number: wslay_event_get_status_code_sent(context)))
        }
        if let fault {
            output.end = .failed(fault)
            output.replies = EncodedMessage.close(fault, "").bytes
        }
        if given == parsed, !isInMessage { giveContextBack() }
        // The bytes may be those of a buffer that is used again.
        (input, Self.current) = ([], nil)
        defer { output = Output() }
        return output
    }

    private func received(_ code: UInt16) -> CloseCode { code == 0 ? .none : CloseCode(number: code) }

    private func takeContext() -> wslay_event_context_ptr? {
        guard let taken = Self.spare ?? Self.makeContext() else { return nil }
        Self.spare = nil
        wslay_event_config_set_max_recv_msg_length(taken, UInt64(messageSize))
        // wslay refuses the bit where a message may not have it: in control frames and continuations.
        wslay_event_config_set_allowed_rsv_bits(taken, inflates ? Self.compressedBit : 0)
        return taken
    }

    private static func makeContext() -> wslay_event_context_ptr? {
        var callbacks = wslay_event_callbacks()
        callbacks.recv_callback = takeInput
        callbacks.send_callback = appendReply
        callbacks.on_frame_recv_start_callback = frameBegins
        callbacks.on_frame_recv_end_callback = frameEnds
        callbacks.on_msg_recv_callback = messageReceived
        var made: wslay_event_context_ptr?
        return wslay_event_context_server_init(&made, &callbacks, nil) == 0 ? made : nil
    }

    /// Hands the context on to the next reader. One that has closed its stream parses nothing more.
    private func giveContextBack() {
        if Self.spare == nil, output.end == nil { Self.spare = context } else { wslay_event_context_free(context) }
        context = nil
        (given, parsed) = (0, 0)
    }
}

// What wslay calls, always from within `read`.
extension FrameReader {
    fileprivate func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let piece = input.prefix(buffer.count)
        buffer.copyBytes(from: piece)
        input = input.dropFirst(piece.count)
        return piece.count
    }

    fileprivate func reply(_ bytes: [UInt8]) { output.replies += bytes }

    fileprivate func begin(isFinal: Bool, isControl: Bool, contentSize: UInt64) {
        let extended = contentSize > 0xFFFF ? 8 : contentSize > 125 ? 2 : 0
        frameSize = 2 + extended + 4 + Int(clamping: contentSize)
        if !isControl { self.isFinal = isFinal }
    }

    fileprivate func endFrame() {
        parsed += frameSize
        isInMessage = !isFinal
    }

    fileprivate func receive(_ message: WebSocketMessage) { if fault == nil { output.messages.append(message) } }

    /// A compressed message. wslay has not checked its text, and has limited its compressed size only.
    fileprivate func receive(compressed content: [UInt8], isText: Bool) {
        switch MessageCodec.inflate(content, limit: messageSize) {
        case .content(let bytes) where !isText: receive(.binary(bytes))
        case .content(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else { return fail(.invalidText) }
            receive(.text(text))
        case .overLimit: fail(.tooBig)
        case .malformed: fail(.invalidText)
        }
    }

    private func fail(_ code: CloseCode) { fault = fault ?? code }

    fileprivate func receiveClose(size: Int) { isCloseMalformed = size == 1 }
}

private func takeInput(
    context: wslay_event_context_ptr?, buffer: UnsafeMutablePointer<UInt8>?, size: Int, flags: Int32,
    user: UnsafeMutableRawPointer?
) -> Int {
    // Safety: a pointer that is used within this call, on this thread.
    nonisolated(unsafe) let buffer = UnsafeMutableRawBufferPointer(start: buffer, count: size)
    let count = withReader { $0.take(into: buffer) } ?? 0
    guard count == 0 else { return count }
    wslay_event_set_error(context, Int32(WSLAY_ERR_WOULDBLOCK.rawValue))
    return -1
}

private func appendReply(
    context: wslay_event_context_ptr?, bytes: UnsafePointer<UInt8>?, size: Int, flags: Int32,
    user: UnsafeMutableRawPointer?
) -> Int {
    let bytes = Array(UnsafeBufferPointer(start: bytes, count: size))
    withReader { $0.reply(bytes) }
    return size
}

private func frameBegins(
    context: wslay_event_context_ptr?, frame: UnsafePointer<wslay_event_on_frame_recv_start_arg>?,
    user: UnsafeMutableRawPointer?
) {
    guard let frame = frame?.pointee else { return }
    let (isFinal, isControl, size) = (frame.fin != 0, frame.opcode & 8 != 0, frame.payload_length)
    withReader { $0.begin(isFinal: isFinal, isControl: isControl, contentSize: size) }
}

private func frameEnds(context: wslay_event_context_ptr?, user: UnsafeMutableRawPointer?) {
    withReader { $0.endFrame() }
}

private func messageReceived(
    context: wslay_event_context_ptr?, message: UnsafePointer<wslay_event_on_msg_recv_arg>?,
    user: UnsafeMutableRawPointer?
) {
    guard let message = message?.pointee else { return }
    guard message.opcode & 8 == 0 else {
        let (isClose, size) = (message.opcode == 8, message.msg_length)
        if isClose { withReader { $0.receiveClose(size: size) } }
        return
    }
    let bytes = UnsafeBufferPointer(start: message.msg, count: message.msg_length)
    guard message.rsv & FrameReader.compressedBit == 0 else {
        let (content, isText) = (Array(bytes), message.opcode == 1)
        withReader { $0.receive(compressed: content, isText: isText) }
        return
    }
    let received: WebSocketMessage =
        message.opcode == 1 ? .text(String(decoding: bytes, as: UTF8.self)) : .binary(Array(bytes))
    withReader { $0.receive(received) }
}

@discardableResult
private func withReader<Value: Sendable>(_ body: @EventLoop (FrameReader) -> Value) -> Value? {
    EventLoop.assumeIsolated { FrameReader.current.map { body($0) } }
}
