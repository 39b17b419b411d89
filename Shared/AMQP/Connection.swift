internal import CRabbitMQ
internal import Glibc
internal import Primitives

/// One connection to the broker, over librabbitmq. It belongs to the thread that made it.
///
/// No call waits longer than the configuration's `connectTimeout`, but for the resolver of host names; a write to a
/// broker that does not read gives up after twice the heartbeat.
final class Connection {
    /// The channel for publishing, consuming and fetching.
    static let channel: amqp_channel_t = 1

    private let state: amqp_connection_state_t
    private let pool = FieldPool()
    private var assembly: ContentAssembly?

    /// Connects and logs in.
    init(_ configuration: AMQPConfiguration) throws(ConnectionError) {
        guard let state = amqp_new_connection() else { throw .unreachable("mémoire insuffisante") }
        self.state = state
        try openSocket(configuration)
        try logIn(configuration)
        try open(channel: Self.channel)
    }

    deinit { amqp_destroy_connection(state) }

    private func openSocket(_ configuration: AMQPConfiguration) throws(ConnectionError) {
        let socket: OpaquePointer?
        if let authorities = configuration.certificateAuthorities {
            socket = amqp_ssl_socket_new(state)
            guard amqp_ssl_socket_set_cacert(socket, authorities) == AMQP_STATUS_OK.rawValue else {
                throw .unreachable("autorités de certification illisibles : \(authorities)")
            }
        } else {
            socket = amqp_tcp_socket_new(state)
        }
        var timeout = timeval(configuration.connectTimeout)
        let status = amqp_socket_open_noblock(socket, configuration.host, Int32(configuration.port), &timeout)
        guard status == AMQP_STATUS_OK.rawValue else {
            throw .unreachable("\(configuration) : \(Self.text(status))")
        }
        amqp_set_handshake_timeout(state, &timeout)
        amqp_set_rpc_timeout(state, &timeout)
        // The library writes without a time limit. The kernel's own ends a write to a peer that has stopped reading.
        var milliseconds = UInt32(configuration.heartbeat * 2 / .milliseconds(1))
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, socklen_t(MemoryLayout<UInt32>.size))
    }

    private func logIn(_ configuration: AMQPConfiguration) throws(ConnectionError) {
        defer { pool.recycle() }
        var properties = pool.table([
            "connection_name": .string(configuration.connectionName),
            "capabilities": .table([
                "connection.blocked": .boolean(true), "consumer_cancel_notify": .boolean(true),
                "basic.nack": .boolean(true), "publisher_confirms": .boolean(true),
            ]),
        ])
        try check(
            guichet_amqp_login_plain(
                state, configuration.vhost, Int32(configuration.heartbeat.components.seconds), &properties,
                configuration.user, configuration.password))
    }

    /// Says good-bye; what was sent before is handled by the broker first.
    func close() {
        amqp_connection_close(state, AMQP_REPLY_SUCCESS)
    }

    var descriptor: Int32 { amqp_get_sockfd(state) }

    /// Input that was read from the socket already, of which `poll` knows nothing.
    var hasBufferedInput: Bool { amqp_frames_enqueued(state) != 0 || amqp_data_in_buffer(state) != 0 }

    /// Whether a message of usual size can be written without waiting.
    var isWritable: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, 0) == 1
    }

    func open(channel: amqp_channel_t) throws(ConnectionError) {
        amqp_channel_open(state, channel)
        try checkLast()
    }

    func confirmSelect() throws(ConnectionError) {
        amqp_confirm_select(state, Self.channel)
        try checkLast()
    }

    func basicConsume(queue: String, prefetch: Int) throws(ConnectionError) {
        defer { pool.recycle() }
        amqp_basic_qos(state, Self.channel, 0, UInt16(clamping: prefetch), 0)
        try checkLast()
        let name = pool.bytes(queue)
        amqp_basic_consume(state, Self.channel, name, name, 0, 0, 0, pool.table([:]))
        try checkLast()
    }

    /// False when the queue is empty; else the message follows from ``receive()``.
    func basicGet(queue: String) throws(ConnectionError) -> Bool {
        defer { pool.recycle() }
        let reply = amqp_basic_get(state, Self.channel, pool.bytes(queue), 0)
        try check(reply)
        guard reply.reply.id == AMQP_BASIC_GET_OK_METHOD,
            let method = reply.reply.decoded?.assumingMemoryBound(to: amqp_basic_get_ok_t.self).pointee
        else { return false }
        assembly = ContentAssembly(method, queue: queue)
        return true
    }

    func basicPublish(_ message: OutgoingMessage) throws(ConnectionError) {
        defer { pool.recycle() }
        var properties = amqp_basic_properties_t()
        properties.content_type = pool.bytes(message.contentType)
        properties.message_id = pool.bytes(message.messageID)
        properties.delivery_mode = UInt8(
            (message.isPersistent ? AMQP_DELIVERY_PERSISTENT : AMQP_DELIVERY_NONPERSISTENT).rawValue)
        var flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG
        if let type = message.type {
            properties.type = pool.bytes(type)
            flags |= AMQP_BASIC_TYPE_FLAG
        }
        if let timestamp = message.timestamp {
            properties.timestamp = UInt64(clamping: timestamp.seconds)
            flags |= AMQP_BASIC_TIMESTAMP_FLAG
        }
        if !message.headers.isEmpty {
            properties.headers = pool.table(message.headers.mapValues(FieldValue.string))
            flags |= AMQP_BASIC_HEADERS_FLAG
        }
        properties._flags = amqp_flags_t(flags)
        let status = message.body.withUnsafeBytes { body in
            amqp_basic_publish(
                state, Self.channel, pool.bytes(message.exchange), pool.bytes(message.routingKey), 1, 0, &properties,
                amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress)))
        }
        try check(status: status)
    }

    func settle(tag: UInt64, _ verdict: Verdict) throws(ConnectionError) {
        let status =
            switch verdict {
            case .ack: amqp_basic_ack(state, Self.channel, tag, 0)
            case .reject: amqp_basic_reject(state, Self.channel, tag, 0)
            case .requeue: amqp_basic_reject(state, Self.channel, tag, 1)
            }
        try check(status: status)
    }

    /// The next thing that the broker sent, or nil when nothing whole is here. Serves the heartbeat in passing, so it
    /// must be called at least every half of it.
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
    /// Declares everything on a channel that a refusal may cost, and reports all refusals together.
    func declare(_ topology: Topology) throws(ConnectionError) {
        var faults: [TopologyFault] = []
        for exchange in topology.exchanges {
            try attempt("exchange \(exchange.name)", &faults) { channel in
                amqp_exchange_declare(
                    state, channel, pool.bytes(exchange.name), pool.bytes(exchange.kind.rawValue), 0,
                    exchange.isDurable ? 1 : 0, 0, 0, pool.table(exchange.arguments))
            }
        }
        for queue in topology.queues {
            try attempt("queue \(queue.name)", &faults) { channel in
                amqp_queue_declare(
                    state, channel, pool.bytes(queue.name), 0, queue.isDurable ? 1 : 0, queue.isExclusive ? 1 : 0,
                    queue.isAutoDelete ? 1 : 0, pool.table(queue.arguments))
            }
        }
        for binding in topology.bindings {
            try attempt("binding \(binding.exchange) → \(binding.queue) (\(binding.routingKey))", &faults) { channel in
                amqp_queue_bind(
                    state, channel, pool.bytes(binding.queue), pool.bytes(binding.exchange),
                    pool.bytes(binding.routingKey), pool.table([:]))
            }
        }
        guard faults.isEmpty else { throw .topologyMismatch(faults) }
    }

    private func attempt<Reply>(
        _ subject: String, _ faults: inout [TopologyFault], _ declare: (amqp_channel_t) -> UnsafeMutablePointer<Reply>?
    ) throws(ConnectionError) {
        defer { pool.recycle() }
        let scratch: amqp_channel_t = 2
        try open(channel: scratch)
        if declare(scratch) != nil {
            return try check(amqp_channel_close(state, scratch, AMQP_REPLY_SUCCESS))
        }
        let reply = amqp_get_rpc_reply(state)
        guard reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION, reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD,
            case .closedByBroker(let code, let text) = Self.closed(reply.reply)
        else { return try check(reply) }
        var acknowledgement = amqp_channel_close_ok_t()
        try check(status: amqp_send_method(state, scratch, AMQP_CHANNEL_CLOSE_OK_METHOD, &acknowledgement))
        faults.append(TopologyFault(subject: subject, code: code, reply: text))
    }
}

extension Connection {
    private func checkLast() throws(ConnectionError) { try check(amqp_get_rpc_reply(state)) }

    private func check(_ reply: amqp_rpc_reply_t) throws(ConnectionError) {
        switch reply.reply_type {
        case AMQP_RESPONSE_NORMAL: return
        case AMQP_RESPONSE_SERVER_EXCEPTION: throw Self.closed(reply.reply)
        case AMQP_RESPONSE_LIBRARY_EXCEPTION: throw .lost(Self.text(reply.library_error))
        default: throw .lost("RabbitMQ a coupé la connexion")
        }
    }

    private func check(status: Int32) throws(ConnectionError) {
        guard status == AMQP_STATUS_OK.rawValue else { throw .lost(Self.text(status)) }
    }

    private static func text(_ status: Int32) -> String { String(cString: amqp_error_string2(status)) }

    private static func closed(_ method: amqp_method_t) -> ConnectionError {
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
        return .lost("réponse inattendue de RabbitMQ")
    }
}

extension timeval {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}
