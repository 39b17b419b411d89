import EventLoop
import Postgres
package import ServiceHost
import Tenancy

extension IdentityApp {
    /// What Identity does by itself. Every replica does it; none minds that the others do.
    package var jobs: [PeriodicJob] {
        [
            PeriodicJob("signing-keys", every: .seconds(20)) { [self] in try await maintainSigningKeys() },
            PeriodicJob("first-administrators", every: .seconds(5)) { [self] in try await seatFirstAdministrators() },
            PeriodicJob("sessions", every: .seconds(3600)) { [self] in
                try await context.directory.onEachServer { round in
                    try await round.each(of: round.tenants.map(\.data)) {
                        try await $0.inBackground.batch(Self.forgetting)
                    }
                }
            },
        ]
    }

    /// What nobody can use any more goes; the trail of accesses stays for a year.
    private static var forgetting: [SQL] {
        [
            "DELETE FROM sessions WHERE expires_at < now() - interval '1 day'",
            "DELETE FROM enrolment_tickets WHERE expires_at < now()",
            "DELETE FROM login_attempts WHERE updated_at < now() - interval '1 day'",
            "DELETE FROM access_audit WHERE at < now() - interval '1 year'",
        ]
    }
}
