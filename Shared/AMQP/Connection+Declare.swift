internal import CRabbitMQ

extension Connection {
    /// Declares each part on a channel of its own, because a refusal closes the channel; reports all refusals together.
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
