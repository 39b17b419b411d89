import Authentication
import EventLoop
import GuichetProtocol
import Messaging
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
                toStaff(AppointmentConfirmed.self, "appointment_created"),
                toStaff(AppointmentRescheduled.self, "appointment_updated"),
                toStaff(AppointmentCompleted.self, "appointment_updated"),
                toStaff(AppointmentMissed.self, "appointment_updated"),
                toStaff(AppointmentCancelled.self, "appointment_cancelled"),
                .to(SessionEnded.self) { [clients, tokens = context.platform.tokens] event in
                    // The host does the same for all processes, by way of the database, a moment later.
                    tokens.refuse([EndedSession(event.data.session, endedAt: event.time)])
                    clients.revokeEnded()
                },
            ]
    }

    /// Sends the events of a type to the staff of the appointment's clinic. They are most of what a clinic publishes, and
    /// are read only if staff listen.
    private func toStaff<Payload: AppointmentEvent>(_ type: Payload.Type, _ name: String) -> FeedSubscription {
        FeedSubscription.to(type) { [rooms, log] event in
            do {
                try rooms.announce(in: .clinic(event.tenantid)) {
                    try Announcement(
                        name, AppointmentNotice(version: event.version, appointment: event.data.appointment))
                }
            } catch {
                log.error("an event could not be encoded", [.error: String(reflecting: error)])
            }
        }.only { [rooms] tenant in rooms.hasClients(in: .clinic(tenant)) }
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
