package import Primitives
package import Scheduling

extension Appointment {
    /// Makes a hold an appointment, for the patient of the hold or, when it has none, for `patient`.
    ///
    /// Returns nil if it is confirmed already.
    package mutating func confirm(for patient: Identifier<Patient>? = nil, _ change: Change) throws(BookingError)
        -> AppointmentFact?
    {
        try requireOpen(for: .confirmed, at: change.instant)
        guard let confirmed = self.patient ?? patient else { throw .patientRequired }
        guard patient == nil || patient == confirmed else { throw .patientMismatch }
        guard status != .confirmed else { return nil }
        return record(.confirmed, change) {
            $0.patient = confirmed
            $0.status = .confirmed
        }
    }

    /// Moves the appointment, a hold included, to another slot. Returns nil if it is there already.
    package mutating func reschedule(to slot: Slot, rules: ClinicRules, _ change: Change) throws(BookingError)
        -> AppointmentFact?
    {
        try requireOpen(for: .rescheduled, at: change.instant)
        guard slot != self.slot else { return nil }
        try requireBeforeCutOff(rules, change)
        return record(.rescheduled, change) { $0.slot = slot }
    }

    /// Cancels the appointment or the hold.
    package mutating func cancel(rules: ClinicRules, _ change: Change) throws(BookingError) -> AppointmentFact {
        try requireOpen(for: .cancelled, at: change.instant)
        try requireBeforeCutOff(rules, change)
        return record(.cancelled, change) { $0.status = .cancelled }
    }

    /// Ends a hold that has lapsed.
    package mutating func expire(_ change: Change) throws(BookingError) -> AppointmentFact {
        guard case .held(let until) = status else { throw .transitionNotAllowed(from: status.name, to: .expired) }
        guard until <= change.instant else { throw .holdNotExpired }
        return record(.expired, change) { $0.status = .expired }
    }

    /// Records that the patient was treated; allowed from the start of the appointment on.
    package mutating func complete(_ change: Change) throws(BookingError) -> AppointmentFact {
        try requireStarted(for: .completed, at: change.instant)
        return record(.completed, change) { $0.status = .completed }
    }

    /// Records that the patient did not come; allowed from the start of the appointment on.
    package mutating func markNoShow(_ change: Change) throws(BookingError) -> AppointmentFact {
        try requireStarted(for: .noShow, at: change.instant)
        return record(.noShow, change) { $0.status = .noShow }
    }

    /// Held or confirmed, and not over. A hold counts as expired from its last instant on, recorded or not.
    private func requireOpen(for event: AppointmentEvent, at now: Instant) throws(BookingError) {
        switch status {
        case .held(let until) where now < until: break
        case .held, .expired: throw .holdExpired
        case .confirmed: break
        case .cancelled, .completed, .noShow: throw .transitionNotAllowed(from: status.name, to: event)
        }
        guard now < slot.range.end else { throw .appointmentOver }
    }

    private func requireStarted(for event: AppointmentEvent, at now: Instant) throws(BookingError) {
        guard status == .confirmed else { throw .transitionNotAllowed(from: status.name, to: event) }
        guard slot.range.start <= now else { throw .appointmentNotStarted }
    }

    private func requireBeforeCutOff(_ rules: ClinicRules, _ change: Change) throws(BookingError) {
        guard case .patient = change.actor, status == .confirmed else { return }
        let cutOff = slot.range.start.adding(minutes: -rules.cancellationCutOffMinutes)
        guard change.instant <= cutOff else { throw .cancellationTooLate }
    }
}
