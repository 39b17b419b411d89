/// One call of ``AMQPPublisher/publish(_:)``, answered exactly once: the code that removes it from a collection answers
/// it.
struct PublishRequest: Sendable {
    let message: OutgoingMessage
    let requested: ContinuousClock.Instant
    let continuation: CheckedContinuation<Result<Void, PublishError>, Never>

    func answer(_ result: Result<Void, PublishError>, to observer: AMQPObserver) {
        switch result {
        case .success: observer.counted(.confirmed(after: .now - requested))
        case .failure(let error): observer.counted(.publishFailed(error))
        }
        continuation.resume(returning: result)
    }
}

/// The unconfirmed publishes of one channel, by delivery tag.
struct PublisherConfirms {
    private struct Outstanding {
        let request: PublishRequest
        let deadline: ContinuousClock.Instant
        var isReturned = false
    }

    private var byTag: [UInt64: Outstanding] = [:]
    /// No lower tag is outstanding.
    private var oldest: UInt64 = 1
    private var next: UInt64 = 1

    var count: Int { byTag.count }

    /// When the next publish times out. All have the same timeout, so it is the oldest.
    var deadline: ContinuousClock.Instant? {
        mutating get {
            while oldest < next, byTag[oldest] == nil { oldest += 1 }
            return byTag[oldest]?.deadline
        }
    }

    /// Call it for every publish, in order: the broker numbers them in the same way.
    mutating func add(_ request: PublishRequest, deadline: ContinuousClock.Instant) {
        byTag[next] = Outstanding(request: request, deadline: deadline)
        next += 1
    }

    /// Records that no queue matched a message. The broker still confirms it, right after.
    mutating func markReturned(exchange: String, routingKey: String, messageID: String) {
        // A return does not carry the delivery tag. Publishes that agree in all three are equally unroutable.
        for (tag, outstanding) in byTag {
            let message = outstanding.request.message
            guard message.messageID == messageID, message.routingKey == routingKey, message.exchange == exchange
            else { continue }
            byTag[tag]?.isReturned = true
        }
    }

    /// Removes the publishes that a confirm covers; returns each request with its result. Tags that have timed out are
    /// skipped.
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

    /// Removes the publishes that have timed out.
    mutating func expire(at now: ContinuousClock.Instant) -> [PublishRequest] {
        var expired: [PublishRequest] = []
        while let deadline, deadline <= now, let outstanding = byTag.removeValue(forKey: oldest) {
            expired.append(outstanding.request)
        }
        return expired
    }

    /// Removes all publishes after the channel is lost: the next one counts from 1 again.
    mutating func reset() -> [PublishRequest] {
        let requests = byTag.sorted { $0.key < $1.key }.map(\.value.request)
        self = PublisherConfirms()
        return requests
    }
}
