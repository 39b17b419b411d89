import EventLoop
package import ServiceHost

extension IdentityService {
    /// What every replica does periodically.
    package var jobs: [PeriodicJob] {
        [
            PeriodicJob("signing-keys", every: .seconds(20)) { [self] in try await maintainSigningKeys() },
            PeriodicJob("first-administrators", every: .seconds(5)) { [self] in try await seatFirstAdministrators() },
            PeriodicJob("subscribers", every: .seconds(15)) { [self] in try await reconcileSubscribers() },
            PeriodicJob("sessions", every: .seconds(3600)) { [self] in try await removeExpired() },
        ]
    }
}
