import Authentication
import EventLoop
import GuichetProtocol
import Messaging
import Primitives
import RealtimeDomain
import Runtime
import ServiceHost

// What Realtime hears while it happens: one table from events to rooms. It keeps none of it in a database.

extension RealtimeService {
    /// The feed of events of this process.
    var heard: [FeedSubscription] {
        FeedSubscription.toFamily(LineData.self) { [lines] event in
            guard let change = LineChange(event) else { return }
            lines.hear(change, of: LineKey(change.line.queue, of: event.tenantid))
        }
            + FeedSubscription.toFamily(DisplayData.self) { [clients] event in
                let isRemoved = event.type == DisplayRemoved.name.type
                clients.restrict(
                    event.data.display, digest: event.data.tokenDigest, to: isRemoved ? nil : event.data.queues)
            } + [
                .to(LineReported.self) { [takeReport] in takeReport($0) },
                .to(AudienceObserved.self) { [lines] event in
                    let observation = LinePresence.Observation(
                        tickets: Set(event.data.tickets), displays: Set(event.data.displays))
                    lines.hear(
                        observation, from: event.data.process, of: LineKey(event.data.queue, of: event.tenantid))
                },
                .to(AppointmentConfirmed.self, toStaff("appointment_created")).only(for: hasStaff),
                .to(AppointmentRescheduled.self, toStaff("appointment_updated")).only(for: hasStaff),
                .to(AppointmentCompleted.self, toStaff("appointment_updated")).only(for: hasStaff),
                .to(AppointmentMissed.self, toStaff("appointment_updated")).only(for: hasStaff),
                .to(AppointmentCancelled.self, toStaff("appointment_cancelled")).only(for: hasStaff),
                .to(SessionEnded.self) { [clients, tokens = context.platform.tokens] event in
                    // The host does the same for all processes, by way of the database, a moment later.
                    tokens.refuse([EndedSession(event.data.session, endedAt: event.time)])
                    clients.revokeEnded()
                },
            ]
    }

    /// Whether staff of a clinic listen. Appointments are most of what a clinic publishes, and are read only if they do.
    private var hasStaff: @EventLoop @Sendable (TenantSlug) -> Bool {
        { [rooms] tenant in rooms.hasClients(in: .clinic(tenant)) }
    }

    /// An event of an appointment, to the staff of its clinic.
    private func toStaff<Payload: AppointmentEvent>(
        _ name: String
    ) -> @EventLoop @Sendable (CloudEvent<Payload>) -> Void {
        { [rooms, log] event in
            do {
                try rooms.announce(in: .clinic(event.tenantid)) {
                    try Announcement(
                        name, AppointmentNotice(version: event.version, appointment: event.data.appointment))
                }
            } catch {
                log.error("an event could not be encoded", [.error: String(reflecting: error)])
            }
        }
    }
}

extension LineChange {
    /// Returns nil for an event that this release does not know.
    fileprivate init?(_ event: CloudEvent<LineData>) {
        let words = event.type.split(separator: ".")
        guard words.count == 5, let verb = LineVerb(rawValue: String(words[3])) else { return nil }
        self.init(
            verb, line: event.data.line, ticket: event.data.ticket,
            version: LineVersion(event.version, generation: event.generation ?? 1), at: event.time)
    }
}
