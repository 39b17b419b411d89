/// What the server grants a client. There is no way to be without a limit.
package struct HTTPLimits: Sendable {
    /// Connections open at once; more wait in the kernel's queue. HTTP/1.1 answers one request of a connection at a
    /// time, so this bounds the requests at work as well.
    package var connections: Int
    /// Connections open at once that speak WebSocket or get a stream of events: they take little memory, and none of
    /// ``connections``. One more is refused with 503.
    package var detachedConnections: Int
    /// Memory for a connection's head and buffers, in bytes.
    package var connectionMemory: Int
    /// The size of a request's head, in bytes.
    package var headSize: Int
    /// The number of header fields of a request.
    package var headerFields: Int
    /// From the opening of a connection, or the first line of a request, to the end of the head.
    package var headTime: Duration
    /// From an answer to the end of the next request's first line.
    package var idleTime: Duration
    /// From the end of the head to the end of the body.
    package var bodyTime: Duration
    /// From the end of the body to the answer of the handler. Longer than a request may have an effect
    /// (`RequestDeadline.allowance`), shorter than the gateway waits.
    package var answerTime: Duration
    /// From the handler's answer to its last byte sent.
    package var sendTime: Duration

    /// Values for a service behind the gateway.
    package static let standard = HTTPLimits(
        connections: 1000, detachedConnections: 10_000, connectionMemory: 32 * 1024, headSize: 16 * 1024,
        headerFields: 64,
        headTime: .seconds(10), idleTime: .seconds(60), bodyTime: .seconds(20), answerTime: .seconds(12),
        sendTime: .seconds(30))

    /// States every limit.
    package init(
        connections: Int, detachedConnections: Int, connectionMemory: Int, headSize: Int, headerFields: Int,
        headTime: Duration,
        idleTime: Duration, bodyTime: Duration, answerTime: Duration, sendTime: Duration
    ) {
        precondition(headSize < connectionMemory, "a head must fit the memory of its connection")
        self.connections = connections
        self.detachedConnections = detachedConnections
        self.connectionMemory = connectionMemory
        self.headSize = headSize
        self.headerFields = headerFields
        self.headTime = headTime
        self.idleTime = idleTime
        self.bodyTime = bodyTime
        self.answerTime = answerTime
        self.sendTime = sendTime
    }
}
