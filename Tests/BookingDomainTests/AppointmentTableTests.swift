import BookingDomain
import Primitives
import Scheduling
import SchedulingTesting
import Testing

@Suite("What each verb does in each state")
struct AppointmentTableTests {
    enum Verb: CaseIterable { case confirm, reschedule, cancel, expire, complete, markNoShow }

    /// A state of an appointment at a moment of its life.
    enum Stage: CaseIterable {
        case held, lapsed, confirmed, running, over, cancelled, completed, noShow, expired
    }

    /// The status that follows, or the slug of the refusal; verbs in the order of their declaration.
    static let table: [Stage: [String]] = [
        .held: ["confirmed", "held", "cancelled", "hold-not-expired", refused, refused],
        .lapsed: ["hold-expired", "hold-expired", "hold-expired", "expired", refused, refused],
        .confirmed: ["confirmed", "confirmed", "cancelled", refused, early, early],
        .running: ["confirmed", "confirmed", "cancelled", refused, "completed", "no_show"],
        .over: ["appointment-over", "appointment-over", "appointment-over", refused, "completed", "no_show"],
        .cancelled: Array(repeating: refused, count: 6),
        .completed: Array(repeating: refused, count: 6),
        .noShow: Array(repeating: refused, count: 6),
        .expired: ["hold-expired", "hold-expired", "hold-expired", refused, refused, refused],
    ]
    private static let refused = "transition-not-allowed"
    private static let early = "appointment-not-started"

    @Test("is written in the table", arguments: Stage.allCases, Array(Verb.allCases.enumerated()).map(\.offset))
    func outcome(stage: Stage, column: Int) throws {
        let expected = try #require(Self.table[stage])[column]
        let (before, now) = try appointment(in: stage)
        var appointment = before
        do throws(BookingError) {
            let fact = try apply(Verb.allCases[column], to: &appointment, at: now)
            #expect(appointment.status.name == expected)
            #expect(appointment.version == before.version + (fact == nil ? 0 : 1))
            #expect(fact == nil || (fact?.before == before && fact?.after == appointment))
        } catch {
            #expect(error.slug == expected)
            #expect(appointment == before)
        }
    }

    private func apply(
        _ verb: Verb, to appointment: inout Appointment, at now: Instant
    ) throws(BookingError) -> AppointmentFact? {
        let change = Change(at: now, by: .staff(Fixture.id(7)))
        let rules = AppointmentFixture.rules
        return switch verb {
        case .confirm: try appointment.confirm(change)
        case .reschedule: try appointment.reschedule(to: Fixture.slot("2026-11-20T10:00:00Z"), rules: rules, change)
        case .cancel: try appointment.cancel(rules: rules, change)
        case .expire: try appointment.expire(change)
        case .complete: try appointment.complete(change)
        case .markNoShow: try appointment.markNoShow(change)
        }
    }

    private func appointment(in stage: Stage) throws -> (Appointment, Instant) {
        let hold = AppointmentFixture.held()
        let booked = AppointmentFixture.booked()
        let start = booked.slot.range.start
        let later = Change(at: start, by: .system)
        var appointment = stage == .expired || stage == .held || stage == .lapsed ? hold : booked
        switch stage {
        case .held: return (appointment, AppointmentFixture.lastMomentOfHold)
        case .lapsed: return (appointment, AppointmentFixture.endOfHold)
        case .confirmed: return (appointment, start - .microseconds(1))
        case .running: return (appointment, booked.slot.range.end - .microseconds(1))
        case .over: return (appointment, booked.slot.range.end)
        case .cancelled: _ = try appointment.cancel(rules: AppointmentFixture.rules, later)
        case .completed: _ = try appointment.complete(later)
        case .noShow: _ = try appointment.markNoShow(later)
        case .expired: _ = try appointment.expire(later)
        }
        return (appointment, start)
    }
}
