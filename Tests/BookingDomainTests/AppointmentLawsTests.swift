import BookingDomain
import Primitives
import Scheduling
import SchedulingTesting
import Testing

@Suite("Laws of every appointment")
struct AppointmentLawsTests {
    @Test("versions have no gap, sequences rise exactly with what a calendar shows", arguments: 0..<500)
    func counters(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let first =
            random.once(in: 2)
            ? Appointment.hold(
                Fixture.id(30), Fixture.slot(), for: AppointmentFixture.patient, rules: AppointmentFixture.rules,
                AppointmentFixture.change())
            : Appointment.book(
                Fixture.id(30), Fixture.slot(), for: AppointmentFixture.patient, AppointmentFixture.change())
        var appointment = first.after
        var facts = [first]
        var now = AppointmentFixture.madeAt
        for _ in 0..<12 {
            now = now + .seconds(random.int(0...1200))
            let before = appointment
            do throws(BookingError) {
                guard let fact = try Self.change(&appointment, at: now, &random) else {
                    #expect(appointment == before)
                    continue
                }
                facts.append(fact)
            } catch {
                #expect(appointment == before)
            }
        }
        #expect(facts.map(\.version) == Array(1...facts.count))
        for (earlier, later) in zip(facts, facts.dropFirst()) {
            #expect(later.before == earlier.after)
            #expect(later.after.sequence - earlier.after.sequence == (Self.isShown(later) ? 1 : 0))
        }
        #expect(facts.last?.after == appointment)
    }

    /// What RFC 5545 calls a significant revision, fact by fact.
    private static func isShown(_ fact: AppointmentFact) -> Bool {
        switch fact.event {
        case .held, .booked, .confirmed, .rescheduled, .cancelled, .expired: true
        case .completed, .noShow: false
        }
    }

    private static func change(
        _ appointment: inout Appointment, at now: Instant, _ random: inout SeededGenerator
    ) throws(BookingError) -> AppointmentFact? {
        let change = AppointmentFixture.change(at: now)
        switch random.int(0...8) {
        case 0: return try appointment.cancel(rules: AppointmentFixture.rules, change)
        case 1: return try appointment.complete(change)
        case 2: return try appointment.markNoShow(change)
        case 3: return try appointment.expire(change)
        case 4, 5: return try appointment.confirm(change)
        default:
            let hour = random.int(8...12)
            let slot = Fixture.slot("2026-11-20T\(hour < 10 ? "0" : "")\(hour):00:00Z")
            return try appointment.reschedule(to: slot, rules: AppointmentFixture.rules, change)
        }
    }
}
