import Runtime

/// The variables of Queue.
struct QueueConfiguration {
    /// How many requests without a token one client address may make per minute.
    let requestsPerMinute: Int
    /// How long a join token lets patients join.
    let joinTokenLifetime: Duration

    init(_ reader: inout ConfigurationReader) {
        requestsPerMinute = reader.integer(
            "GUICHET_QUEUE_REQUESTS_PER_MINUTE", default: 300, in: 1...10_000_000,
            "Requests without a token, to join and about tickets, per minute and client address, in one process.")
        joinTokenLifetime = reader.duration(
            "GUICHET_QUEUE_JOIN_TOKEN_LIFETIME", default: .seconds(12 * 3600),
            in: .seconds(60) ... .seconds(400 * 86_400),
            "How long a token behind the code of a queue lets patients join.")
    }
}
