import EventLoop

/// An answer 200 whose content has no known length: it lasts until the connection ends.
package struct StreamedAnswer: Sendable {
    /// Takes over the connection, and sends the head first.
    let start: @EventLoop @Sendable (DetachedSocket, _ head: [UInt8]) -> Void
}

extension Answer {
    /// The answer with a stream in place of its body. No cache keeps it, and no proxy holds parts of it back.
    func streaming(_ stream: StreamedAnswer) -> Answer {
        var answer = self
        answer.headers.set("cache-control", "no-store")
        answer.headers.set("x-accel-buffering", "no")
        answer.stream = stream
        return answer
    }
}
