import EventLoop
package import ServiceHost

extension BookingService {
    /// What Booking does by itself.
    package var jobs: [PeriodicJob] {
        [
            PeriodicJob("holds", every: .milliseconds(500)) { [watchHolds] in await watchHolds.expire() },
            PeriodicJob("hold-watch", every: .seconds(30)) { [watchHolds] in try await watchHolds.readDeadlines() },
            PeriodicJob("name-indexes", every: .seconds(60)) { [renewNameIndexes] in
                try await renewNameIndexes.run()
            },
            PeriodicJob("retention", every: .seconds(3600)) { [endRetention] in try await endRetention.run() },
        ]
    }
}
