import Runtime

/// The variables of Queue.
struct QueueConfiguration {
    /// How many requests without a token one client address may make per minute.
    let requestsPerMinute: Int
    /// How many codes one client address may get or try per minute.
    let codesPerMinute: Int

    init(_ reader: inout ConfigurationReader) {
        requestsPerMinute = reader.integer(
            "GUICHET_QUEUE_REQUESTS_PER_MINUTE", default: 300, in: 1...10_000_000,
            "Requests without a token, to join and about tickets, per minute and client address, in one process.")
        codesPerMinute = reader.integer(
            "GUICHET_QUEUE_CODES_PER_MINUTE", default: 20, in: 1...10_000_000,
            "Codes for screens, and codes of screens and tickets that are tried, per minute and client address, in one process."
        )
    }
}
