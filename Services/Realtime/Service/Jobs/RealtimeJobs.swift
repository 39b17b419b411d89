package import ServiceHost

extension RealtimeService {
    /// What Realtime does at intervals.
    package var jobs: [PeriodicJob] {
        [
            PeriodicJob("rights", every: .milliseconds(500)) { [clients] in clients.revokeEnded() },
            PeriodicJob("displays", every: .seconds(20)) { [checkDisplays] in try await checkDisplays() },
            PeriodicJob("lines", every: .seconds(5)) { [lines, clients] in
                lines.tidy()
                clients.removeIdle()
            },
        ]
    }
}
