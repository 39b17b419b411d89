import BookingDomain
import Primitives
import Scheduling
import SchedulingTesting

/// Appointments of 20 November 2026 at 8:00 UTC, made at 6:00.
enum AppointmentFixture {
    static let madeAt = Fixture.instant("2026-11-20T06:00:00Z")
    static let endOfHold = Fixture.instant("2026-11-20T06:05:00Z")
    static let lastMomentOfHold = endOfHold - .microseconds(1)
    static let patient: Identifier<Patient> = Fixture.id(40)
    static let rules = rules(cutOffMinutes: 0)

    static func rules(cutOffMinutes: Int) -> ClinicRules {
        valid(try? Fixture.rules(cancellationCutOffMinutes: cutOffMinutes))
    }

    static func change(
        at instant: Instant = madeAt, by actor: Actor = .staff(Fixture.id(7)), reason: Reason? = nil
    ) -> Change {
        Change(at: instant, by: actor, reason: reason)
    }

    static func held(for patient: Identifier<Patient>? = patient) -> Appointment {
        Appointment.hold(Fixture.id(30), Fixture.slot(), for: patient, rules: rules, change()).after
    }

    static func booked() -> Appointment {
        Appointment.book(Fixture.id(30), Fixture.slot(), for: patient, change()).after
    }
}
