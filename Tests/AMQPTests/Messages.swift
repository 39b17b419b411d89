import AMQP

/// A small message to the default exchange, which routes to the queue of that name.
func message(_ id: Int, to queue: String, exchange: String = "") -> OutgoingMessage {
    OutgoingMessage(
        exchange: exchange, routingKey: queue, body: Array("\(id)".utf8), contentType: "text/plain",
        messageID: "\(id)")
}

extension Delivery {
    /// The number passed to ``message(_:to:exchange:)``.
    var number: Int? { Int(String(decoding: body, as: UTF8.self)) }
}

extension Queue {
    /// A quorum queue in the services' form, with small limits.
    static func work(_ name: String = "work", deliveryLimit: Int = 10, deadLetters: String? = nil) -> Queue {
        Queue(
            name, .quorum(deliveryLimit: deliveryLimit),
            deadLetter: deadLetters.map { DeadLetter(exchange: "", routingKey: $0) })
    }
}

/// Publishes concurrently; returns the result of each publish by its number.
func publishAll(
    _ numbers: Range<Int>, to queue: String, by publisher: AMQPPublisher
) async -> [Int: PublishError?] {
    await withTaskGroup(of: (Int, PublishError?).self) { group in
        for number in numbers {
            group.addTask {
                do throws(PublishError) {
                    try await publisher.publish(message(number, to: queue))
                    return (number, nil)
                } catch {
                    return (number, error)
                }
            }
        }
        var ends: [Int: PublishError?] = [:]
        for await (number, end) in group { ends[number] = .some(end) }
        return ends
    }
}
