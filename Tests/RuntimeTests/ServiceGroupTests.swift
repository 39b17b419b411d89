import EventLoop
import Runtime
import Testing

/// Records what the services of a test did, in order.
@EventLoop
private final class Journal {
    private(set) var entries: [String] = []

    nonisolated init() {}

    func note(_ entry: String) { entries.append(entry) }
}

/// A service that records its life and yields at every step, so that an early start or drain would show.
private struct Probe: Service {
    let name: String
    let journal: Journal
    var signalsReady = true
    var work: @EventLoop () async throws -> Void = { await GracefulShutdown.current.wait() }

    func run() async throws { try await live() }

    @EventLoop private func live() async throws {
        journal.note("\(name) starts")
        await letOthersRun()
        if signalsReady {
            journal.note("\(name) ready")
            signalReady()
        }
        try await work()
        journal.note("\(name) drains")
        await letOthersRun()
        journal.note("\(name) ends")
    }

    private func letOthersRun() async { for _ in 0..<20 { await Task.yield() } }
}

/// A pause between two checks of something without a signal, so that the loop of all tests is not kept busy.
private func shortPause() async throws { try await EventLoop.sleep(for: .milliseconds(1)) }

private struct Broken: ExitingError, Equatable { let exitCode = ExitCode.unavailable }

@Suite("A service group")
struct ServiceGroupTests {
    private let journal = Journal()
    private let shutdown = GracefulShutdown()
    private let readiness = Readiness()
    private let silent = Logger("lifecycle", to: LogOutput(service: "test", level: .error) { _ in })
    private var configuration = LifecycleConfiguration(
        startTimeout: .seconds(20), drainDelay: .zero, drainTimeout: .seconds(20))

    private func run(_ services: [any Service]) async throws {
        let group = ServiceGroup(services, configuration: configuration, readiness: readiness, logger: silent)
        try await GracefulShutdown.$current.withValue(shutdown) { try await group.run() }
    }

    /// Returns the error that ends the group.
    private func failure(_ services: [any Service]) async -> ServiceGroupError? {
        do {
            try await run(services)
            return nil
        } catch {
            return error as? ServiceGroupError
        }
    }

    private func probe(_ name: String) -> Probe { Probe(name: name, journal: journal) }

    /// A service that requests the shutdown of the group as soon as it runs.
    private func trigger() -> Probe {
        Probe(name: "trigger", journal: journal) { [shutdown, readiness] in
            while readiness.phase != .serving { try await shortPause() }
            shutdown.request()
            await GracefulShutdown.current.wait()
        }
    }

    @Test("starts a service when the one before is ready, and drains one at a time in reverse order")
    func order() async throws {
        try await run([probe("store"), probe("server"), trigger()])
        #expect(
            await journal.entries == [
                "store starts", "store ready", "server starts", "server ready", "trigger starts", "trigger ready",
                "trigger drains", "trigger ends", "server drains", "server ends", "store drains", "store ends",
            ])
    }

    @Test("is ready once every service serves, and no more from the request to drain on")
    func phases() async throws {
        var configuration = configuration
        configuration.drainDelay = .milliseconds(300)
        let (journal, readiness, shutdown) = (journal, readiness, shutdown)
        let observer = Probe(name: "observer", journal: journal) {
            journal.note("\(readiness.obstacles)")
            while readiness.phase != .serving { try await shortPause() }
            journal.note("\(readiness.obstacles)")
            shutdown.request()
            while readiness.phase != .draining { try await shortPause() }
            // During the drain delay: no longer ready, but not yet asked to finish.
            journal.note("\(readiness.obstacles) \(GracefulShutdown.current.isRequested)")
            await GracefulShutdown.current.wait()
        }
        let group = ServiceGroup(
            [observer], configuration: configuration, readiness: readiness, logger: silent)
        try await GracefulShutdown.$current.withValue(shutdown) { try await group.run() }
        let notes = await journal.entries.filter { $0.hasPrefix("[") }
        #expect(notes == [#"["starting"]"#, "[]", #"["draining"] false"#])
    }

    @Test("stops in order when a service throws, with the exit code of its error")
    func failing() async throws {
        let failing = Probe(name: "server", journal: journal) { throw Broken() }
        let error = try #require(await failure([probe("store"), failing]))
        #expect(error.exitCode == .unavailable)
        #expect(error.description == "server failed: Broken(exitCode: Runtime.ExitCode(rawValue: 69))")
        #expect(await journal.entries.suffix(2) == ["store drains", "store ends"])
    }

    @Test("stops when a service returns early")
    func early() async throws {
        let early = Probe(name: "server", journal: journal) {}
        let error = try #require(await failure([probe("store"), early]))
        #expect(error.description == "server ended by itself")
        #expect(error.exitCode == .software)
        #expect(await journal.entries.last == "store ends")
    }

    @Test("stops when a service is not ready in time, and starts no later one")
    func late() async throws {
        var group = self
        group.configuration.startTimeout = .milliseconds(50)
        var late = probe("server")
        late.signalsReady = false
        let error = try #require(await group.failure([late, probe("jobs")]))
        #expect(error.description == "server was not ready after 0.05 seconds")
        #expect(await journal.entries == ["server starts", "server drains", "server ends"])
    }

    @Test("cancels a service that has not finished in time, drains the others, and says so")
    func stuck() async throws {
        var group = self
        group.configuration.drainTimeout = .seconds(2)
        let stuck = Probe(name: "server", journal: journal) {
            await GracefulShutdown.current.wait()
            try await EventLoop.sleep(for: .seconds(60))
        }
        let error = try #require(await group.failure([probe("store"), stuck, trigger()]))
        #expect(error.description == "server had not finished after 2.0 seconds")
        #expect(await journal.entries.suffix(4) == ["trigger drains", "trigger ends", "store drains", "store ends"])
    }

    @Test("drains what was started when it must stop before all of it serves")
    func stoppedWhileStarting() async throws {
        let shutdown = shutdown
        var starting = Probe(name: "server", journal: journal) {
            shutdown.request()
            await GracefulShutdown.current.wait()
        }
        starting.signalsReady = false
        try await run([probe("store"), starting, probe("jobs")])
        #expect(await journal.entries.suffix(3) == ["server ends", "store drains", "store ends"])
        #expect(await !journal.entries.contains("jobs starts"))
    }

    @Test("drains when its task is cancelled")
    func cancelled() async throws {
        let task = Task { try await run([probe("store")]) }
        while await !journal.entries.contains("store ready") { try await shortPause() }
        task.cancel()
        try await task.value
        #expect(await journal.entries.suffix(2) == ["store drains", "store ends"])
    }

    @Test("names the conditions that keep a process from being ready")
    @EventLoop func conditions() async throws {
        let journal = journal
        readiness.require("postgres") { journal.entries.contains("connected") }
        #expect(readiness.obstacles == ["starting", "postgres"])
        journal.note("connected")
        #expect(readiness.obstacles == ["starting"])
    }
}

@Suite("A graceful shutdown")
@EventLoop
struct GracefulShutdownTests {
    private let shutdown = GracefulShutdown()

    @Test("wakes all waiting tasks, and later ones do not wait")
    func request() async {
        let shutdown = shutdown
        let waiters = (0..<3).map { _ in
            Task { @EventLoop in
                await shutdown.wait()
                return shutdown.isRequested
            }
        }
        await Task.yield()
        shutdown.request()
        for waiter in waiters { #expect(await waiter.value) }
        await shutdown.wait()
    }

    @Test("lets a periodic job continue after the time limit, and end when it is requested meanwhile")
    func limit() async {
        #expect(await !shutdown.wait(atMost: .milliseconds(5)))
        EventLoop.schedule(after: .milliseconds(5)) { [shutdown] in shutdown.request() }
        #expect(await shutdown.wait(atMost: .seconds(60)))
    }

    @Test("ends the wait of a task that is cancelled before or while it waits")
    func cancellation() async {
        let shutdown = shutdown
        let task = Task { @EventLoop in await shutdown.wait(atMost: .seconds(60)) }
        task.cancel()
        #expect(await task.value)
        let waiting = Task { @EventLoop in await shutdown.wait() }
        await Task.yield()
        waiting.cancel()
        await waiting.value
        #expect(!shutdown.isRequested)
    }
}
