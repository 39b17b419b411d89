import BookingDomain
import Primitives
import Scheduling
import SchedulingTesting
import Testing

@Suite("The life of an appointment")
struct AppointmentTests {
    @Test("a hold says until when, and its fact is the first")
    func holding() throws {
        let change = AppointmentFixture.change(reason: Reason(" téléphone "))
        let fact = Appointment.hold(
            Fixture.id(30), Fixture.slot(), for: nil, rules: AppointmentFixture.rules, change)
        #expect(fact.event == .held)
        #expect(fact.before == nil)
        #expect(fact.version == 1)
        #expect(fact.after.status == .held(until: AppointmentFixture.endOfHold))
        #expect(fact.after.sequence == 0)
        #expect(fact.change.reason?.text == "téléphone")
    }

    @Test("a hold without a patient needs one to be confirmed")
    func patientRequired() throws {
        var hold = AppointmentFixture.held(for: nil)
        #expect(throws: BookingError.patientRequired) { try hold.confirm(AppointmentFixture.change()) }
        let fact = try hold.confirm(for: AppointmentFixture.patient, AppointmentFixture.change())
        #expect(fact?.after.patient == AppointmentFixture.patient)
        #expect(hold.status == .confirmed)
    }

    @Test("a hold is confirmed for its own patient only")
    func patientMismatch() {
        var hold = AppointmentFixture.held()
        #expect(throws: BookingError.patientMismatch) {
            try hold.confirm(for: Fixture.id(41), AppointmentFixture.change())
        }
        #expect(hold == AppointmentFixture.held())
    }

    @Test("confirming twice is confirming once")
    func confirmTwice() throws {
        var appointment = AppointmentFixture.held()
        #expect(try appointment.confirm(AppointmentFixture.change()) != nil)
        let confirmed = appointment
        #expect(try appointment.confirm(AppointmentFixture.change()) == nil)
        #expect(appointment == confirmed)
    }

    @Test("moving to the same slot is no change")
    func sameSlot() throws {
        var appointment = AppointmentFixture.booked()
        let change = AppointmentFixture.change()
        #expect(try appointment.reschedule(to: Fixture.slot(), rules: AppointmentFixture.rules, change) == nil)
        #expect(appointment == AppointmentFixture.booked())
    }

    @Test("a moved hold still ends when it did")
    func movedHold() throws {
        var hold = AppointmentFixture.held()
        let slot = Fixture.slot("2026-11-20T09:00:00Z")
        let moved = try hold.reschedule(to: slot, rules: AppointmentFixture.rules, AppointmentFixture.change())
        #expect(moved?.before?.slot == Fixture.slot())
        #expect(hold.slot == slot)
        #expect(hold.status == .held(until: AppointmentFixture.endOfHold))
    }

    @Test(
        "the cut-off binds patients, not the clinic, and not holds",
        arguments: [("07:00:00", false), ("07:00:00.000001", true)])
    func cutOff(time: String, isTooLate: Bool) throws {
        let rules = AppointmentFixture.rules(cutOffMinutes: 60)
        let now = Fixture.instant("2026-11-20T\(time)Z")
        let byPatient = AppointmentFixture.change(at: now, by: .patient(Fixture.id(8)))
        func cancelling(_ change: Change) -> String? {
            var appointment = AppointmentFixture.booked()
            return Result { () throws(BookingError) in try appointment.cancel(rules: rules, change) }.slug
        }
        #expect(cancelling(byPatient) == (isTooLate ? "cancellation-too-late" : nil))
        #expect(cancelling(AppointmentFixture.change(at: now)) == nil)
        var appointment = AppointmentFixture.booked()
        let moving = Result { () throws(BookingError) in
            try appointment.reschedule(to: Fixture.slot("2026-11-20T09:00:00Z"), rules: rules, byPatient)
        }
        #expect(moving.slug == (isTooLate ? "cancellation-too-late" : nil))
        var hold = AppointmentFixture.held()
        let early = AppointmentFixture.change(by: .patient(Fixture.id(8)))
        _ = try hold.cancel(rules: AppointmentFixture.rules(cutOffMinutes: 1440), early)
        #expect(hold.status == .cancelled)
    }

    @Test("every status is read back as it was stored")
    func storing() {
        let until = AppointmentFixture.endOfHold
        let all: [AppointmentStatus] = [
            .held(until: until), .confirmed, .cancelled, .completed, .noShow, .expired,
        ]
        for status in all {
            let end = status == .held(until: until) ? until : nil
            #expect(AppointmentStatus(name: status.name, heldUntil: end) == status)
        }
        #expect(AppointmentStatus(name: "held", heldUntil: nil) == nil)
        #expect(AppointmentStatus(name: "confirmed", heldUntil: until) == nil)
        #expect(AppointmentStatus(name: "booked", heldUntil: nil) == nil)
    }

    @Test("a reason is one line of at most 500 characters")
    func reasons() {
        #expect(Reason("   ") == nil)
        #expect(Reason("a\nb") == nil)
        #expect(Reason(String(repeating: "é", count: 500)) != nil)
        #expect(Reason(String(repeating: "é", count: 501)) == nil)
    }
}
