internal import CHiredis

/// A reply of the server.
package enum RedisReply: Sendable, Equatable {
    /// The value does not exist.
    case null
    case integer(Int)
    case bytes([UInt8])
    case array([RedisReply])
    /// A status word such as `OK`.
    case status(String)

    /// Copies a reply of hiredis. Throws an error of the server, at any depth of the reply.
    init(_ reply: redisReply) throws(RedisError) {
        let text = UnsafeRawBufferPointer(start: reply.str, count: reply.str == nil ? 0 : reply.len)
        switch reply.type {
        case REDIS_REPLY_INTEGER: self = .integer(Int(reply.integer))
        case REDIS_REPLY_STRING: self = .bytes(Array(text))
        case REDIS_REPLY_STATUS: self = .status(String(decoding: text, as: UTF8.self))
        case REDIS_REPLY_ERROR: throw .server(String(decoding: text, as: UTF8.self))
        case REDIS_REPLY_ARRAY:
            var elements: [RedisReply] = []
            for element in UnsafeBufferPointer(start: reply.element, count: reply.elements) {
                if let element { elements.append(try RedisReply(element.pointee)) }
            }
            self = .array(elements)
        default: self = .null
        }
    }
}
