import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Tenancy

extension AvailabilityService {
    /// Every event that Availability acts on.
    var consumed: [Subscription] {
        Subscription.toFamily(AppointmentData.self, scope: .tenant, follow) + [
            .to(CalendarChanged.self, scope: .tenant) { [self] event, context in
                try await apply(context) { desk, transaction in
                    try await FollowCalendar(desk: desk, transaction: transaction)(
                        event.data.calendar, because: Cause(event.attributes))
                }
            },
            .to(AgendaReported.self, scope: .tenant) { [self] event, context in
                guard let id = ReportID(event.partitionkey) else { throw NoReport(name: event.partitionkey) }
                try await apply(context) { desk, transaction in
                    try await TakeReport(desk: desk, transaction: transaction)(
                        event.data, id: id, because: Cause(event.attributes))
                }
            },
        ]
    }

    private func follow(_ events: [CloudEvent<AppointmentData>], _ context: Subscription.Context) async throws {
        let news = events.map {
            FollowAppointments.News(
                entry: AgendaEntry($0.data.appointment, version: $0.version, at: $0.time),
                cause: Cause($0.attributes))
        }
        try await apply(context) { desk, transaction in
            try await FollowAppointments(desk: desk, transaction: transaction)(news)
        }
    }

    /// Runs a use case in the transaction of an event; the days that it touches are looked at once that is committed.
    private func apply(
        _ context: Subscription.Context, _ body: @EventLoop (Desk, Transaction) async throws -> Void
    ) async throws {
        guard let store = context.tenant else { preconditionFailure("these events have a tenant") }
        let desk = desk(of: store)
        try await body(desk, context.transaction)
        context.afterCommit { desk.hurry() }
    }
}

/// A report that is about nothing.
struct NoReport: Error {
    let name: String
}

extension AgendaEntry {
    /// What an event says that the appointment takes; the patient stays out.
    init(_ appointment: AppointmentSnapshot, version: Int, at time: Instant) {
        let takes = !["cancelled", "expired"].contains(appointment.status)
        let taken = TakenTime(
            practitioner: appointment.practitioner, room: appointment.room, blocked: appointment.blocked)
        self.init(appointment: appointment.id, version: version, changedAt: time, taken: takes ? taken : nil)
    }
}
