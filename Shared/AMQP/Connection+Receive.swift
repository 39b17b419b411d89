internal import CRabbitMQ
internal import Glibc

extension Connection {
    /// Returns the next complete item from the broker, or nil if there is none. It also serves the heartbeat, so call
    /// it at least every half heartbeat.
    func receive() throws(ConnectionError) -> Inbound? {
        while true {
            var frame = amqp_frame_t()
            var immediately = timeval()
            let status = amqp_simple_wait_frame_noblock(state, &frame, &immediately)
            if status == AMQP_STATUS_TIMEOUT.rawValue { return nil }
            try check(status: status)
            defer { amqp_maybe_release_buffers(state) }
            if let inbound = try interpret(frame) { return inbound }
        }
    }

    private func interpret(_ frame: amqp_frame_t) throws(ConnectionError) -> Inbound? {
        switch Int32(frame.frame_type) {
        case AMQP_FRAME_METHOD:
            return try interpret(frame.payload.method)
        case AMQP_FRAME_HEADER:
            let properties = frame.payload.properties
            if let decoded = properties.decoded?.assumingMemoryBound(to: amqp_basic_properties_t.self) {
                assembly?.append(header: decoded.pointee, bodySize: properties.body_size)
            }
        case AMQP_FRAME_BODY:
            assembly?.append(body: frame.payload.body_fragment)
        default:
            return nil
        }
        guard let whole = assembly?.whole else { return nil }
        assembly = nil
        return whole
    }

    private func interpret(_ method: amqp_method_t) throws(ConnectionError) -> Inbound? {
        guard let decoded = method.decoded else { return nil }
        switch method.id {
        case AMQP_BASIC_ACK_METHOD:
            let ack = decoded.assumingMemoryBound(to: amqp_basic_ack_t.self).pointee
            return .confirm(tag: ack.delivery_tag, multiple: ack.multiple != 0, accepted: true)
        case AMQP_BASIC_NACK_METHOD:
            let nack = decoded.assumingMemoryBound(to: amqp_basic_nack_t.self).pointee
            return .confirm(tag: nack.delivery_tag, multiple: nack.multiple != 0, accepted: false)
        case AMQP_BASIC_RETURN_METHOD:
            assembly = ContentAssembly(decoded.assumingMemoryBound(to: amqp_basic_return_t.self).pointee)
        case AMQP_BASIC_DELIVER_METHOD:
            assembly = ContentAssembly(decoded.assumingMemoryBound(to: amqp_basic_deliver_t.self).pointee)
        case AMQP_BASIC_CANCEL_METHOD:
            let cancel = decoded.assumingMemoryBound(to: amqp_basic_cancel_t.self).pointee
            return .consumerCancelled(tag: String(cancel.consumer_tag))
        case AMQP_CONNECTION_BLOCKED_METHOD:
            let blocked = decoded.assumingMemoryBound(to: amqp_connection_blocked_t.self).pointee
            return .blocked(reason: String(blocked.reason))
        case AMQP_CONNECTION_UNBLOCKED_METHOD:
            return .unblocked
        case AMQP_CHANNEL_CLOSE_METHOD, AMQP_CONNECTION_CLOSE_METHOD:
            throw Self.closed(method)
        default:
            break
        }
        return nil
    }
}

extension Connection {
    func checkLast() throws(ConnectionError) { try check(amqp_get_rpc_reply(state)) }

    func check(_ reply: amqp_rpc_reply_t) throws(ConnectionError) {
        switch reply.reply_type {
        case AMQP_RESPONSE_NORMAL: return
        case AMQP_RESPONSE_SERVER_EXCEPTION: throw Self.closed(reply.reply)
        case AMQP_RESPONSE_LIBRARY_EXCEPTION: throw .lost(Self.text(reply.library_error))
        default: throw .lost("RabbitMQ closed the socket")
        }
    }

    func check(status: Int32) throws(ConnectionError) {
        guard status == AMQP_STATUS_OK.rawValue else { throw .lost(Self.text(status)) }
    }

    static func text(_ status: Int32) -> String { String(cString: amqp_error_string2(status)) }

    static func closed(_ method: amqp_method_t) -> ConnectionError {
        if method.id == AMQP_CHANNEL_CLOSE_METHOD,
            let close = method.decoded?.assumingMemoryBound(to: amqp_channel_close_t.self).pointee
        {
            return .closedByBroker(code: Int(close.reply_code), String(close.reply_text))
        }
        if method.id == AMQP_CONNECTION_CLOSE_METHOD,
            let close = method.decoded?.assumingMemoryBound(to: amqp_connection_close_t.self).pointee
        {
            return .closedByBroker(code: Int(close.reply_code), String(close.reply_text))
        }
        return .lost("unexpected reply from RabbitMQ")
    }
}
