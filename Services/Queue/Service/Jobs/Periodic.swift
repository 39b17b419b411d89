import EventLoop
package import ServiceHost

extension QueueService {
    /// What Queue does by itself.
    package var jobs: [PeriodicJob] {
        [
            PeriodicJob("names", every: .seconds(3600)) { [upkeep] in try await upkeep.removeNames() },
            PeriodicJob("opening-plans", every: .seconds(5)) { [upkeep] in
                try await upkeep.followOpeningPlans.run()
            },
            PeriodicJob("limits", every: .seconds(10)) { [upkeep] in try await upkeep.watchLimits.run() },
            PeriodicJob("outdated", every: .seconds(600)) { [upkeep] in try await upkeep.removeOutdated() },
        ]
    }
}
