/// Keys of the optional arguments that RabbitMQ defines for exchanges, queues and messages.
enum XArgument {
    static let alternateExchange = "alternate-exchange"
    static let queueType = "x-queue-type"
    static let singleActiveConsumer = "x-single-active-consumer"
    static let deliveryLimit = "x-delivery-limit"
    static let deadLetterExchange = "x-dead-letter-exchange"
    static let deadLetterRoutingKey = "x-dead-letter-routing-key"
    static let deadLetterStrategy = "x-dead-letter-strategy"
    static let maxLength = "x-max-length"
    static let messageTTL = "x-message-ttl"
    static let overflow = "x-overflow"
    static let deliveryCount = "x-delivery-count"
    static let firstDeathReason = "x-first-death-reason"
    static let firstDeathQueue = "x-first-death-queue"
}
