import AMQP
import EventLoop
import HTTPServer
import Messaging
import Runtime
import Tenancy

// The parts of a process in the order of their dependencies; they are drained in the reverse order.

/// Opens the directory and closes the pools when all the others are done.
struct DatabasePart: Service {
    let name = "database"
    let platform: Platform
    let tenants: TenantSync
    let sessionEnds: SessionEnds

    @EventLoop func run() async throws {
        try await openPatiently()
        signalReady()
        await GracefulShutdown.current.wait()
        try? await platform.presence.leave()  // Else the others notice a little later.
        platform.servers.close()
    }

    /// Services may start before their database: wait for it, as long as the start may take.
    @EventLoop private func openPatiently() async throws {
        let log = Logger("database")
        while true {
            do {
                try await platform.directory.open()
                try await platform.clocks.measure()
                try await tenants.update()
                try await sessionEnds.read()
                return
            } catch {
                log.warning("waiting for the database", [.error: String(reflecting: error)])
                if await GracefulShutdown.current.wait(atMost: .seconds(1)) { throw error }
            }
        }
    }
}

/// Runs the outbox relay, and closes the connection to the broker last.
struct RelayPart: Service {
    let name = "outbox"
    let platform: Platform

    @EventLoop func run() async throws {
        let (platform, log) = (self.platform, Logger("outbox"))
        platform.broker.onConnected = { EventLoop.start { await platform.relay.sweep() } }
        signalReady()
        repeat {
            await platform.relay.sweepIfDue(isSurveyor: platform.presence.isSurveyor)
        } while await !GracefulShutdown.current.wait(atMost: .seconds(5))
        log.info("last sweep")
        await platform.relay.sweep()
        await platform.publisher.drain()
    }
}

/// Consumes the queues of the service.
struct ConsumerPart: Service {
    let name = "events"
    let platform: Platform
    let subscriptions: [Subscription]

    @EventLoop func run() async throws {
        let consumer = EventConsumer(
            service: platform.service, subscriptions: subscriptions, directory: platform.directory,
            publisher: platform.publisher, authors: platform.authors, metrics: platform.metrics, until: .current)
        let broker = platform.broker
        let connection = AMQPConsumer(
            platform.amqp, declaring: consumer.topology, consuming: consumer.queues,
            observer: AMQPObserver(
                stateChanged: { broker.isListening = $0 == .connected }, counted: platform.brokerMetrics.count)
        ) { await consumer.receive($0) }
        consumer.isListening = { broker.isListening }
        signalReady()
        repeat {
            await consumer.sweep()
        } while await !GracefulShutdown.current.wait(atMost: .seconds(5))
        await connection.drain()
    }
}

/// Runs one job again and again; a run that fails is logged and comes again.
struct JobPart: Service {
    var name: String { job.name }
    let job: PeriodicJob
    let failures: Counter

    @EventLoop func run() async throws {
        signalReady()
        let log = Logger(job.name)
        repeat {
            do {
                try await job.body()
            } catch {
                failures.increment()
                log.warning("a run failed and will be repeated", [.error: String(reflecting: error)])
            }
        } while await !GracefulShutdown.current.wait(atMost: job.interval)
    }
}

/// Serves HTTP; drained first, so that nothing new comes in while the rest finishes.
struct HTTPPart: Service {
    let name = "http"
    let start: @EventLoop @Sendable () throws -> HTTPServer
    let started: @EventLoop @Sendable (HTTPServer) -> Void
    /// Ends what the service keeps open, within a time.
    let endSessions: @EventLoop @Sendable (Duration) async -> Void

    @EventLoop func run() async throws {
        let server = try start()
        started(server)
        signalReady()
        await GracefulShutdown.current.wait()
        let time = Duration.seconds(8)
        let ending = EventLoop.start { await endSessions(time / 2) }
        await server.drain(within: time)
        await ending.value
    }
}
