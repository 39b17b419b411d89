import EventLoop
package import ServiceHost

extension IdentityService {
    /// What every replica does periodically.
    package var jobs: [PeriodicJob] {
        let (seatFirstAdministrators, removeExpired) = (
            SeatFirstAdministrators(context: context), RemoveExpired(context: context)
        )
        return [
            PeriodicJob("signing-keys", every: .seconds(20)) { [self] in try await maintainSigningKeys() },
            PeriodicJob("first-administrators", every: .seconds(5)) { try await seatFirstAdministrators() },
            PeriodicJob("subscribers", every: .seconds(15)) { [self] in try await reconcileSubscribers() },
            PeriodicJob("sessions", every: .seconds(3600)) { try await removeExpired() },
        ]
    }
}
