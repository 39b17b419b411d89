internal import CRabbitMQ
internal import Glibc
internal import Primitives

/// One connection to the broker, over librabbitmq. Only the thread that made it may use it.
///
/// No call waits longer than the configuration's `connectTimeout`, except for resolving the host name; a write to a
/// broker that does not read fails after the heartbeat interval.
final class Connection {
    /// The channel for publishing, consuming and fetching.
    static let channel: amqp_channel_t = 1

    /// The library's connection handle.
    let state: amqp_connection_state_t
    /// Memory for the arguments of the current call.
    let pool = FieldPool()
    private let user: String
    /// The message that is only partly received.
    var assembly: ContentAssembly?

    /// Connects and logs in.
    init(_ configuration: AMQPConfiguration) throws(ConnectionError) {
        guard let state = amqp_new_connection() else { throw .unreachable("out of memory") }
        self.state = state
        user = configuration.user
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
                throw .unreachable("cannot read the certificate authorities in \(authorities)")
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
        // The library writes without a timeout. The kernel's own timeout ends a write to a peer that has stopped reading,
        // and its probes a connection that the network has cut off.
        let tcp = Int32(IPPROTO_TCP)
        set(TCP_USER_TIMEOUT, of: tcp, to: Int32(configuration.heartbeat / .milliseconds(1)))
        set(SO_KEEPALIVE, of: SOL_SOCKET, to: 1)
        set(TCP_KEEPIDLE, of: tcp, to: 2)
        set(TCP_KEEPINTVL, of: tcp, to: 1)
        set(TCP_KEEPCNT, of: tcp, to: 2)
    }

    private func set(_ option: Int32, of level: Int32, to value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
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

    /// Closes the connection in order: the broker first handles what was sent before.
    func close() {
        amqp_connection_close(state, AMQP_REPLY_SUCCESS)
    }

    var descriptor: Int32 { amqp_get_sockfd(state) }

    /// True if input was already read from the socket, which `poll` does not report.
    var hasBufferedInput: Bool { amqp_frames_enqueued(state) != 0 || amqp_data_in_buffer(state) != 0 }

    /// True if a message of usual size can be written without waiting.
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

    /// Returns false if the queue is empty; otherwise the message comes from ``receive()``.
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

    /// Publishes the message in the name of the account that is logged in: the broker refuses another name.
    func basicPublish(_ message: OutgoingMessage) throws(ConnectionError) {
        defer { pool.recycle() }
        var properties = amqp_basic_properties_t()
        properties.content_type = pool.bytes(message.contentType)
        properties.message_id = pool.bytes(message.messageID)
        properties.user_id = pool.bytes(user)
        properties.delivery_mode = UInt8(
            (message.isPersistent ? AMQP_DELIVERY_PERSISTENT : AMQP_DELIVERY_NONPERSISTENT).rawValue)
        var flags =
            AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG
            | AMQP_BASIC_USER_ID_FLAG
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

    /// Acknowledges all deliveries up to this one that are not settled yet.
    func acknowledge(through tag: UInt64) throws(ConnectionError) {
        try check(status: amqp_basic_ack(state, Self.channel, tag, 1))
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
}

extension timeval {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}
