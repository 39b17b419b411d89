import EventLoop
package import ServiceHost

extension QueueService {
    /// What Queue does by itself.
    package var jobs: [PeriodicJob] {
        [PeriodicJob("names", every: .seconds(3600)) { [removeNames] in try await removeNames() }]
    }
}
