import EventLoop

/// One run of a ``ServiceGroup``: a sequence of events, handled one after the other.
@EventLoop
final class GroupRun {
    enum Event: Equatable {
        case ready(Int)
        case ended(Int)
        case drainRequested
        case startTimeout(Int)
        case drainDelayOver
        case drainTimeout(Int)
    }

    /// A started service.
    private struct Member {
        let shutdown = GracefulShutdown()
        var task: Task<Void, Never>?
        var hasEnded = false
    }

    private let services: [any Service]
    private let configuration: LifecycleConfiguration
    private let readiness: Readiness
    private let logger: Logger

    private var members: [Member] = []
    private var failure: ServiceGroupError?
    private var posted: [Event] = []
    private var receiver: Promise<Event>?

    init(
        _ services: [any Service], _ configuration: LifecycleConfiguration, _ readiness: Readiness, _ logger: Logger
    ) {
        (self.services, self.configuration) = (services, configuration)
        (self.readiness, self.logger) = (readiness, logger)
    }

    func run() async throws {
        if await start() {
            readiness.phase = .serving
            logger.info("serving", [.count: members.count])
            _ = await next { event in
                if case .ended = event { return true }
                return event == .drainRequested
            }
        }
        readiness.phase = .draining
        await drain()
        if let failure { throw failure }
    }

    func post(_ event: Event) {
        guard let receiver else { return posted.append(event) }
        self.receiver = nil
        receiver.fulfil(event)
    }

    /// The next event that matches; earlier ones are obsolete and dropped.
    private func next(where isAwaited: (Event) -> Bool) async -> Event {
        while true {
            let event = await arrival()
            if isAwaited(event) { return event }
        }
    }

    private func arrival() async -> Event {
        guard posted.isEmpty else { return posted.removeFirst() }
        let receiver = Promise<Event>()
        self.receiver = receiver
        return await receiver.fulfilment()
    }

    /// Starts the services one after the other. Returns false if one ended or was late, or if the group must already
    /// stop.
    private func start() async -> Bool {
        for (index, service) in services.enumerated() {
            let begin = ContinuousClock.now
            launch(service, at: index)
            let timer = schedule(.startTimeout(index), after: configuration.startTimeout)
            defer { timer.cancel() }
            let event = await next { event in
                if case .ended = event { return true }
                return [.ready(index), .drainRequested, .startTimeout(index)].contains(event)
            }
            if event == .startTimeout(index) {
                fail(.notReady(service: service.name, after: configuration.startTimeout))
            }
            guard event == .ready(index) else { return false }
            logger.info("ready", [.name: service.name, .duration: ContinuousClock.now - begin])
        }
        return true
    }

    private func launch(_ service: any Service, at index: Int) {
        let member = Member()
        members.append(member)
        let ready = ReadySignal { EventLoop.start { self.post(.ready(index)) } }
        members[index].task = EventLoop.start(name: service.name) {
            var thrown: (any Error)?
            do {
                try await GracefulShutdown.$current.withValue(member.shutdown) {
                    try await ReadySignal.$current.withValue(ready) { try await service.run() }
                }
            } catch {
                thrown = error
            }
            self.ended(index, thrown)
        }
    }

    private func ended(_ index: Int, _ error: (any Error)?) {
        members[index].hasEnded = true
        let name = services[index].name
        if let error, !(error is CancellationError && members[index].shutdown.isRequested) {
            fail(.failed(service: name, underlying: error))
        } else if !members[index].shutdown.isRequested {
            fail(.endedEarly(service: name))
        }
        post(.ended(index))
    }

    /// Drains the running services in reverse order. After a failure it begins without the drain delay.
    private func drain() async {
        if failure == nil, !members.isEmpty {
            let timer = schedule(.drainDelayOver, after: configuration.drainDelay)
            defer { timer.cancel() }
            _ = await next { event in
                if case .ended = event { return true }
                return event == .drainDelayOver
            }
        }
        for index in members.indices.reversed() where !members[index].hasEnded {
            let begin = ContinuousClock.now
            let timer = schedule(.drainTimeout(index), after: configuration.drainTimeout)
            defer { timer.cancel() }
            members[index].shutdown.request()
            let event = await next { [.ended(index), .drainTimeout(index)].contains($0) }
            if event == .drainTimeout(index) {
                members[index].task?.cancel()
                fail(.notDrained(service: services[index].name, after: configuration.drainTimeout))
            } else {
                logger.info("drained", [.name: services[index].name, .duration: ContinuousClock.now - begin])
            }
        }
    }

    private func schedule(_ event: Event, after delay: Duration) -> LoopTimer {
        EventLoop.schedule(after: delay) { self.post(event) }
    }

    /// Records the first failure as the reason; later ones usually follow from it and are only logged.
    private func fail(_ error: ServiceGroupError) {
        logger.error("a service failed", [.error: error])
        if failure == nil { failure = error }
    }
}
