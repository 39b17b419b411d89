import Synchronization

/// Lets attempts to connect fail together: when one fails, those that were asked for before its end fail with it. A
/// server that does not answer costs its timeout once, not once for each caller in the queue for a thread.
final class ConnectionGate: Sendable {
    private struct Failure {
        let time: ContinuousClock.Instant
        let error: any Error
    }

    private let last = Mutex<Failure?>(nil)

    /// Runs `connect` unless another attempt has failed since `asked`; then throws the error of that one.
    func pass<Handle>(_ asked: ContinuousClock.Instant, _ connect: () throws -> Handle) throws -> Handle {
        if let failure = last.withLock({ $0 }), failure.time > asked { throw failure.error }
        do {
            return try connect()
        } catch {
            last.withLock { $0 = Failure(time: .now, error: error) }
            throw error
        }
    }
}
