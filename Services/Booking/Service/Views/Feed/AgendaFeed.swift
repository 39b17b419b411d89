import BookingDomain
import GuichetProtocol
import Primitives
import Scheduling

/// A practitioner's agenda for calendar programs: times and places, nothing about patients.
struct AgendaFeed {
    /// An appointment with the instants of its creation and its last change.
    struct Entry: Sendable {
        let appointment: Appointment
        let created: Instant
        let updated: Instant
    }

    /// How often calendar programs should read it.
    private static let refreshInterval = "PT15M"

    let text: String

    init(
        _ entries: [Entry], of practitioner: NamedResource, at tenant: TenantProfile, zone: ZoneOffsets,
        _ catalog: ClinicCatalog
    ) {
        var object = CalendarObject()
        object.component("VCALENDAR") { calendar in
            calendar.add("VERSION", "2.0")
            calendar.add("PRODID", "-//Guichet//Booking//FR")
            calendar.add("NAME", text: practitioner.name)
            calendar.add("REFRESH-INTERVAL;VALUE=DURATION", Self.refreshInterval)
            // What programs knew before RFC 7986.
            calendar.add("X-WR-CALNAME", text: practitioner.name)
            calendar.add("X-WR-TIMEZONE", text: tenant.timeZone)
            calendar.add("X-PUBLISHED-TTL", Self.refreshInterval)
            calendar.add(zone, named: tenant.timeZone)
            for entry in entries {
                calendar.component("VEVENT") { Self.write(entry, tenant, catalog, into: &$0) }
            }
        }
        text = object.text
    }

    private static func write(
        _ entry: Entry, _ tenant: TenantProfile, _ catalog: ClinicCatalog, into event: inout CalendarObject
    ) {
        let (appointment, slot) = (entry.appointment, entry.appointment.slot)
        event.add("UID", "\(appointment.id)@\(tenant.slug).guichet")
        event.add("SEQUENCE", appointment.sequence)
        // Without a METHOD the stamp is the time of the last change (section 3.8.7.2).
        event.add("DTSTAMP", entry.updated)
        event.add("LAST-MODIFIED", entry.updated)
        event.add("CREATED", entry.created)
        event.add("DTSTART", slot.range.start)
        event.add("DTEND", slot.range.end)
        event.add("STATUS", appointment.status.calendarStatus)
        event.add("SUMMARY", text: "Rendez-vous \(slot.careType.rawValue)")
        let room = slot.room.map { catalog.named($0).name }
        event.add("LOCATION", text: [room, tenant.address].compactMap { $0 }.joined(separator: ", "))
        event.add("CLASS", "PRIVATE")
    }
}
