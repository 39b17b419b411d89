internal import CRabbitMQ
internal import Primitives

/// An item that the broker sends without being asked, such as a complete message.
enum Inbound {
    /// The outcome of the publish `tag`, or of all up to it.
    case confirm(tag: UInt64, multiple: Bool, accepted: Bool)
    /// A mandatory message that matches no queue; its confirm follows.
    case returned(exchange: String, routingKey: String, messageID: String)
    case delivered(Delivery)
    case consumerCancelled(tag: String)
    case blocked(reason: String)
    case unblocked
}

/// Assembles the frames of a message: its method, its header, its body in pieces. Reading frame by frame, unlike the
/// library's calls that return complete messages, never blocks in the middle of one.
struct ContentAssembly {
    private var message: Delivery
    private let isReturn: Bool
    private var missing: Int?

    /// A message for a consumer, whose tag is the name of the queue.
    init(_ method: amqp_basic_deliver_t) {
        isReturn = false
        message = Delivery(
            queue: String(method.consumer_tag), exchange: String(method.exchange),
            routingKey: String(method.routing_key), isRedelivered: method.redelivered != 0, tag: method.delivery_tag)
    }

    init(_ method: amqp_basic_get_ok_t, queue: String) {
        isReturn = false
        message = Delivery(
            queue: queue, exchange: String(method.exchange), routingKey: String(method.routing_key),
            isRedelivered: method.redelivered != 0, tag: method.delivery_tag)
    }

    init(_ method: amqp_basic_return_t) {
        isReturn = true
        message = Delivery(
            queue: "", exchange: String(method.exchange), routingKey: String(method.routing_key),
            isRedelivered: false, tag: 0)
    }

    mutating func append(header properties: amqp_basic_properties_t, bodySize: UInt64) {
        missing = Int(bodySize)
        message.body.reserveCapacity(Int(bodySize))
        let present = { (flag: Int32) in properties._flags & amqp_flags_t(flag) != 0 }
        if present(AMQP_BASIC_CONTENT_TYPE_FLAG) { message.contentType = String(properties.content_type) }
        if present(AMQP_BASIC_MESSAGE_ID_FLAG) { message.messageID = String(properties.message_id) }
        if present(AMQP_BASIC_USER_ID_FLAG) { message.userID = String(properties.user_id) }
        if present(AMQP_BASIC_TYPE_FLAG) { message.type = String(properties.type) }
        if present(AMQP_BASIC_HEADERS_FLAG) { message.headers = properties.headers.texts }
        if present(AMQP_BASIC_TIMESTAMP_FLAG), let seconds = Int64(exactly: properties.timestamp) {
            message.timestamp = Instant(seconds: seconds)
        }
    }

    mutating func append(body fragment: amqp_bytes_t) {
        message.body.append(contentsOf: UnsafeRawBufferPointer(start: fragment.bytes, count: fragment.len))
        missing = missing.map { $0 - fragment.len }
    }

    /// The message, once its last byte has arrived.
    var whole: Inbound? {
        guard missing == 0 else { return nil }
        guard isReturn else { return .delivered(message) }
        return .returned(exchange: message.exchange, routingKey: message.routingKey, messageID: message.messageID)
    }
}
