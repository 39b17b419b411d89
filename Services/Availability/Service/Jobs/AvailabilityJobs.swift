package import ServiceHost

extension AvailabilityService {
    /// Everything that Availability does at intervals.
    package var jobs: [PeriodicJob] {
        [
            PeriodicJob("offices", every: .seconds(1), offices.reload),
            PeriodicJob("cache", every: .milliseconds(200), CacheRecovery(service: self).run),
            PeriodicJob("chores", every: .seconds(1), Reconciler(self).run),
            PeriodicJob("audit", every: configuration.checkInterval, ConsistencyCheck(self).run),
            PeriodicJob("patrol", every: .milliseconds(2500), CacheScrubber(self).run),
        ]
    }
}
