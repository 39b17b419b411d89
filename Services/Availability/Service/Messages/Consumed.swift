import EventLoop
package import GuichetProtocol
package import Messaging
package import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

extension AvailabilityService {
    /// Every event that Availability acts on.
    package var subscriptions: [Subscription] {
        Subscription.toFamily(AppointmentData.self, scope: .tenant, repeated: noteLate, follow).map {
            $0.whenParked(doubt)
        } + [
            .to(CalendarChanged.self, scope: .tenant) { [self] event, context in
                try await apply(context, event.attributes.generation) { store, transaction in
                    try await followCalendar(
                        event.data.calendar, because: Cause(event.attributes), of: store, in: transaction)
                }
            }.whenParked(doubt),
            .to(AgendaReported.self, scope: .tenant) { [self] event, context in
                guard let id = ReportID(event.partitionkey) else { throw MalformedReportID(text: event.partitionkey) }
                try await apply(context, event.attributes.generation) { store, transaction in
                    let corrected = try await takeReport(
                        event.data, id: id, because: Cause(event.attributes), of: store, in: transaction)
                    context.afterCommit { [findLosses] in findLosses(corrected, Cause(event.attributes), of: store) }
                }
            },
        ]
    }

    /// What Availability removes when an account is erased.
    package func traces(of account: UserID) -> [SQL] { CareAlerts.traces(of: account) }

    /// Removes a tenant from the cache and from the decisions.
    package func remove(_ tenant: TenantProfile) async throws -> [SQL] {
        try await cache.purge(tenant.slug)
        return [OfficeRows.remove(tenant.slug)]
    }

    private func follow(_ events: [CloudEvent<AppointmentData>], _ context: Subscription.Context) async throws {
        // Events of one delivery may be of two generations; the later one counts.
        let generation = events.map { $0.attributes.generation ?? 1 }.max()
        let news = try events.filter { $0.attributes.generation ?? 1 == generation }.map(FollowAppointments.News.init)
        let store = tenant(of: context)
        let outcome = try await followAppointments(
            news, generation: generation ?? 1, of: store, in: context.transaction)
        context.afterCommit { [self] in
            if !outcome.entries.isEmpty { self.context.eventsCommitted(in: store.data) }
            publisher.publish(outcome.entries, of: store)
            if outcome.isUnfinished { refresher.trigger(store) }
        }
    }

    /// Events that a newer one has overtaken have no effect, but a line in the journal.
    private func noteLate(_ events: [CloudEvent<AppointmentData>], _ context: Subscription.Context) async throws {
        let store = tenant(of: context)
        try await followAppointments.note(
            try events.map(FollowAppointments.News.init), of: store, in: context.transaction)
        context.afterCommit { [refresher] in refresher.trigger(store) }
    }

    private func doubt(_ event: ParkedEvent, _ context: Subscription.Context) async throws {
        let store = tenant(of: context)
        let entry = event.decoded(as: AppointmentData.self).map {
            AgendaEntry($0.data.appointment, version: $0.version, at: $0.time)
        }
        try await doubtParkedEvent(event.attributes, entry, of: store, in: context.transaction)
        context.afterCommit { [refresher] in refresher.trigger(store) }
    }

    /// Runs a use case in the transaction of an event, unless the event is of a generation that a restore has ended; the
    /// days that it touches are updated after the commit.
    private func apply(
        _ context: Subscription.Context, _ generation: Int?,
        _ body: @EventLoop (TenantStore, Transaction) async throws -> Void
    ) async throws {
        let store = tenant(of: context)
        if try await followRestore(generation ?? 1, in: context.transaction) {
            try await body(store, context.transaction)
        }
        context.afterCommit { [refresher] in refresher.trigger(store) }
    }

    private func tenant(of context: Subscription.Context) -> TenantStore {
        guard let store = context.tenant else { preconditionFailure("these events have a tenant") }
        return store
    }
}

/// The aggregate id of a report is malformed.
struct MalformedReportID: Error {
    let text: String
}

extension FollowAppointments.News {
    fileprivate init(_ event: CloudEvent<AppointmentData>) throws {
        let appointment = event.data.appointment
        self.init(
            entry: AgendaEntry(appointment, version: event.version, at: event.time), cause: Cause(event.attributes),
            place: try appointment.blocked.range)
    }
}

extension AgendaEntry {
    /// What the appointment takes, without the patient.
    init(_ appointment: AppointmentSnapshot, version: Int, at time: Instant) {
        let takes = !["cancelled", "expired"].contains(appointment.status)
        let taken = TakenTime(
            practitioner: appointment.practitioner, room: appointment.room, blocked: appointment.blocked)
        self.init(appointment: appointment.id, version: version, changedAt: time, taken: takes ? taken : nil)
    }
}
