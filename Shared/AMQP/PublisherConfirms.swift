/// One call of ``AMQPPublisher/publish(_:)`` until it is answered, which is done exactly once: whoever takes it out of
/// where it waits answers it.
struct PublishRequest: Sendable {
    let message: OutgoingMessage
    let asked: ContinuousClock.Instant
    let continuation: CheckedContinuation<Result<Void, PublishError>, Never>

    func answer(_ result: Result<Void, PublishError>, to observer: AMQPObserver) {
        switch result {
        case .success: observer.counted(.confirmed(after: .now - asked))
        case .failure(let error): observer.counted(.publishFailed(error))
        }
        continuation.resume(returning: result)
    }
}

/// The publishes of one channel that the broker has not answered yet, by the number that it will name them by.
struct PublisherConfirms {
    private struct Outstanding {
        let request: PublishRequest
        let deadline: ContinuousClock.Instant
        var isReturned = false
    }

    private var byTag: [UInt64: Outstanding] = [:]
    /// No tag below is outstanding.
    private var oldest: UInt64 = 1
    private var next: UInt64 = 1

    var count: Int { byTag.count }

    /// When the next publish is due to be given up: all wait equally long, so it is the oldest.
    var deadline: ContinuousClock.Instant? {
        mutating get {
            while oldest < next, byTag[oldest] == nil { oldest += 1 }
            return byTag[oldest]?.deadline
        }
    }

    /// Must be called in the order of the publishes, for each one: the broker counts along.
    mutating func add(_ request: PublishRequest, deadline: ContinuousClock.Instant) {
        byTag[next] = Outstanding(request: request, deadline: deadline)
        next += 1
    }

    /// Notes that no queue took a message. The broker confirms it all the same, right after.
    mutating func markReturned(exchange: String, routingKey: String, messageID: String) {
        // A return does not carry the number. Publishes that agree in all three are equally unroutable.
        for (tag, outstanding) in byTag {
            let message = outstanding.request.message
            guard message.messageID == messageID, message.routingKey == routingKey, message.exchange == exchange
            else { continue }
            byTag[tag]?.isReturned = true
        }
    }

    /// Takes out what a confirm is about, each request with its answer. Tags that were given up are passed over.
    mutating func resolve(tag: UInt64, multiple: Bool, accepted: Bool) -> [(PublishRequest, Result<Void, PublishError>)]
    {
        guard tag < next else { return [] }
        let tags = multiple ? oldest..<max(oldest, tag + 1) : tag..<tag + 1
        if multiple { oldest = max(oldest, tag + 1) }
        return tags.compactMap { tag in
            guard let outstanding = byTag.removeValue(forKey: tag) else { return nil }
            if !accepted { return (outstanding.request, .failure(.refused)) }
            return (outstanding.request, outstanding.isReturned ? .failure(.unroutable) : .success(()))
        }
    }

    /// Takes out what has waited too long.
    mutating func expire(at now: ContinuousClock.Instant) -> [PublishRequest] {
        var expired: [PublishRequest] = []
        while let deadline, deadline <= now, let outstanding = byTag.removeValue(forKey: oldest) {
            expired.append(outstanding.request)
        }
        return expired
    }

    /// Takes out everything, for a channel that is gone: the next one counts from 1 again.
    mutating func reset() -> [PublishRequest] {
        let requests = byTag.sorted { $0.key < $1.key }.map(\.value.request)
        self = PublisherConfirms()
        return requests
    }
}
