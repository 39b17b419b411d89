package import Primitives

/// Marks ids of reports: one is asked for by one message and answered by one.
package enum ReportKind {}
/// The id of a report.
package typealias ReportID = Identifier<ReportKind>

/// What an appointment takes of the agenda, as of one of its versions.
package struct AgendaEntry: Codable, Hashable, Sendable {
    /// Which appointment.
    package var appointment: AppointmentID
    /// The version of the appointment's last event.
    package var version: Int
    /// When that event happened.
    package var changedAt: Instant
    /// Nil once it takes nothing.
    package var taken: TakenTime?

    package init(appointment: AppointmentID, version: Int, changedAt: Instant, taken: TakenTime?) {
        (self.appointment, self.version) = (appointment, version)
        (self.changedAt, self.taken) = (changedAt, taken)
    }
}

/// What of whom is taken.
package struct TakenTime: Codable, Hashable, Sendable {
    /// Who is taken.
    package var practitioner: PractitionerID
    /// The room that is taken, if the care needs one.
    package var room: RoomID?
    /// When, buffers included.
    package var blocked: BlockedTime

    package init(practitioner: PractitionerID, room: RoomID?, blocked: BlockedTime) {
        (self.practitioner, self.room, self.blocked) = (practitioner, room, blocked)
    }
}

/// The answer to ``ReportRequested``, as of one instant: all that the asker does not know, or knows otherwise. It
/// belongs to the aggregate of the request.
package struct AgendaReported: Event {
    package static let name = EventName("booking", "report", "made", version: 1)
    /// What was asked for.
    package var window: BlockedTime
    /// Every appointment that takes time of the window, and every one that the asker named, unless the asker knows its
    /// present version.
    package var entries: [AgendaEntry]
    /// The present calendar, unless the asker knows its version.
    package var calendar: CalendarSnapshot?

    package init(window: BlockedTime, entries: [AgendaEntry], calendar: CalendarSnapshot?) {
        (self.window, self.entries, self.calendar) = (window, entries, calendar)
    }
}
