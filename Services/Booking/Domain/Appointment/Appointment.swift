package import Primitives
package import Scheduling

/// A patient's appointment from hold to end. Each change checks its rules, updates the value and returns the fact; one
/// that throws changes nothing.
package struct Appointment: Hashable, Sendable {
    package let id: Identifier<Appointment>
    package internal(set) var slot: Slot
    /// Nil only for a hold without a patient, and for what such a hold became.
    package internal(set) var patient: Identifier<Patient>?
    package internal(set) var status: AppointmentStatus
    /// The number of facts so far; a writer that knows an older one must read again.
    package private(set) var version: Int
    /// SEQUENCE of RFC 5545: rises with each change that a calendar shows.
    package private(set) var sequence: Int

    /// An appointment read from the store; new ones come from `hold` and `book`.
    package init(
        stored id: Identifier<Appointment>, slot: Slot, patient: Identifier<Patient>?, status: AppointmentStatus,
        version: Int, sequence: Int
    ) {
        (self.id, self.slot, self.patient, self.status) = (id, slot, patient, status)
        (self.version, self.sequence) = (version, sequence)
    }

    /// Keeps `slot` for as long as the clinic's holds live.
    package static func hold(
        _ id: Identifier<Appointment>, _ slot: Slot, for patient: Identifier<Patient>?, rules: ClinicRules,
        _ change: Change
    ) -> AppointmentFact {
        let status = AppointmentStatus.held(until: rules.holdExpiry(from: change.instant))
        return created(
            .held, Appointment(stored: id, slot: slot, patient: patient, status: status, version: 1, sequence: 0),
            change)
    }

    /// Takes `slot` for good, without a hold before.
    package static func book(
        _ id: Identifier<Appointment>, _ slot: Slot, for patient: Identifier<Patient>, _ change: Change
    ) -> AppointmentFact {
        created(
            .booked, Appointment(stored: id, slot: slot, patient: patient, status: .confirmed, version: 1, sequence: 0),
            change)
    }

    private static func created(_ event: AppointmentEvent, _ appointment: Appointment, _ change: Change)
        -> AppointmentFact
    {
        AppointmentFact(event: event, change: change, before: nil, after: appointment)
    }

    /// Applies `update` as one fact and raises the counters.
    mutating func record(_ event: AppointmentEvent, _ change: Change, _ update: (inout Appointment) -> Void)
        -> AppointmentFact
    {
        let before = self
        update(&self)
        version += 1
        if slot != before.slot || status.calendarStatus != before.status.calendarStatus { sequence += 1 }
        return AppointmentFact(event: event, change: change, before: before, after: self)
    }
}
