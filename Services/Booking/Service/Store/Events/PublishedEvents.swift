import BookingDomain
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling

/// The events that Booking publishes. Only here does a fact become an event.
enum PublishedEvents {
    /// The aggregate is the tenant's calendar, and its version is the version of the event.
    static func record(_ calendar: CalendarSnapshot, tenant: TenantSlug, at now: Instant) throws -> SQL {
        try Outbox.record(
            CalendarChanged(calendar: calendar), of: tenant.description, version: calendar.version, tenant: tenant,
            at: now)
    }

    /// The aggregate is the request, whose only event is its report.
    static func record(_ report: AgendaReported, answering request: EventAttributes, at now: Instant) throws -> SQL {
        try Outbox.record(
            report, of: request.partitionkey, version: 1, tenant: request.tenantid, at: now, causation: request)
    }

    static func record(_ fact: AppointmentFact, tenant: TenantSlug) throws -> SQL {
        let snapshot = AppointmentSnapshot(fact.after)
        func record(_ event: some GuichetProtocol.AppointmentEvent) throws -> SQL {
            try Outbox.record(
                event, of: fact.after.id.description, version: fact.version, tenant: tenant, at: fact.change.instant)
        }
        return switch fact.event {
        case .held: try record(AppointmentHeld(appointment: snapshot))
        case .booked, .confirmed: try record(AppointmentConfirmed(appointment: snapshot))
        case .rescheduled: try record(AppointmentRescheduled(appointment: snapshot))
        case .cancelled: try record(AppointmentCancelled(appointment: snapshot))
        case .expired: try record(AppointmentExpired(appointment: snapshot))
        case .completed: try record(AppointmentCompleted(appointment: snapshot))
        case .noShow: try record(AppointmentMissed(appointment: snapshot))
        }
    }
}

extension AppointmentSnapshot {
    init(_ appointment: Appointment) {
        let slot = appointment.slot
        self.init(
            id: Identifier(appointment.id.uuid), status: appointment.status.name, careType: slot.careType.rawValue,
            practitioner: Identifier(slot.practitioner.uuid), room: slot.room.map { Identifier($0.uuid) },
            patient: appointment.patient.map { Identifier($0.uuid) }, start: slot.range.start, end: slot.range.end,
            blocked: BlockedTime(slot.blocked),
            holdExpires: appointment.status.heldUntil)
    }
}

extension BlockedTime {
    init(_ range: TimeRange) { self.init(from: range.start, to: range.end) }
}
