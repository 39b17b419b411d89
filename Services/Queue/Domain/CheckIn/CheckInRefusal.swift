package import Primitives

/// Why an appointment cannot check in.
package enum CheckInRefusal: Error, Hashable, Sendable {
    /// No such appointment is known; that it was booked may not be known yet.
    case unknown
    /// It was cancelled, has not been confirmed, or is over.
    case notConfirmed
    /// It is on another day.
    case notToday
}

/// An appointment of Booking, as far as a line is concerned.
package struct BookedTime: Sendable {
    /// When it is due.
    package let due: Instant
    /// The type of care.
    package let careType: CareName
    /// Whether it stands: not cancelled, and not over.
    package let isConfirmed: Bool

    package init(due: Instant, careType: CareName, isConfirmed: Bool) {
        (self.due, self.careType, self.isConfirmed) = (due, careType, isConfirmed)
    }

    /// Throws unless a patient may come for the appointment at `now`.
    ///
    /// - Parameter zone: the clock of the clinic.
    package func checkArrival(at now: Instant, in zone: ZoneOffsets) throws(CheckInRefusal) {
        guard isConfirmed else { throw .notConfirmed }
        guard zone.local(due).day == zone.local(now).day else { throw .notToday }
    }
}
