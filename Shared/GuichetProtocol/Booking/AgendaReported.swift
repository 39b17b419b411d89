package import Primitives

/// Marks ids of reports; one request and one answer share an id.
package enum ReportKind {}
/// The id of a report.
package typealias ReportID = Identifier<ReportKind>

/// The time that an appointment takes, as of one of its versions.
package struct AgendaEntry: Codable, Hashable, Sendable, WireRules {
    /// The id of the appointment.
    package var appointment: AppointmentID
    /// The version of the last event of the appointment.
    package var version: Int
    /// The time of that event.
    package var changedAt: Instant
    /// The time taken; absent once the appointment takes none.
    package var taken: TakenTime?

    package static let rules: [String: WireRule] = ["version": .bounds(minimum: 1, maximum: nil)]

    package init(appointment: AppointmentID, version: Int, changedAt: Instant, taken: TakenTime?) {
        (self.appointment, self.version) = (appointment, version)
        (self.changedAt, self.taken) = (changedAt, taken)
    }
}

/// The practitioner and the room that an appointment takes, and when.
package struct TakenTime: Codable, Hashable, Sendable {
    /// The practitioner taken.
    package var practitioner: PractitionerID
    /// The room taken; absent when the care needs none.
    package var room: RoomID?
    /// The time taken, including buffers.
    package var blocked: BlockedTime

    package init(practitioner: PractitionerID, room: RoomID?, blocked: BlockedTime) {
        (self.practitioner, self.room, self.blocked) = (practitioner, room, blocked)
    }
}

/// Booking answered a request for a report. The report is as of one instant and lists what the requester does not know,
/// or knows in another version. The aggregate is the report; the answer is its first version.
package struct AgendaReported: Event {
    package static let name = EventName("booking", "report", "made", version: 1)
    /// The window of the request.
    package var window: BlockedTime
    /// The appointments that take time of the window, and those that the request lists, except those that the requester
    /// knows in their present version.
    package var entries: [AgendaEntry]
    /// The present calendar; absent when the requester has its version.
    package var calendar: CalendarSnapshot?

    package init(window: BlockedTime, entries: [AgendaEntry], calendar: CalendarSnapshot?) {
        (self.window, self.entries, self.calendar) = (window, entries, calendar)
    }
}
