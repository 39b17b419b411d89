import Authentication
import BookingDomain
import EventLoop
import Idempotency
import Postgres
import Primitives
import Scheduling
import Tenancy

/// What can be done to an appointment that exists.
enum AppointmentChange: Sendable {
    /// Makes a hold an appointment, for its patient or for this one.
    case confirm(Recipient?)
    /// Moves it in one step: to this start, with this practitioner or, without one, with the same, in this room or in
    /// whichever is free.
    case reschedule(to: Instant, practitioner: Identifier<Resource>?, room: Identifier<Resource>? = nil)
    case cancel
    case complete
    case noShow
}

/// Changes an appointment: reads it, lets the domain decide, writes what happened.
struct ChangeAppointment: Sendable {
    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    /// - Parameter expected: the version that the caller has seen; nil when any will do.
    /// Throws ``NotFound``, ``SlotRefused`` or what the domain says.
    @EventLoop func callAsFunction(
        _ id: Identifier<Appointment>, _ wanted: AppointmentChange, expected: Int?, reason: Reason?, caller: Caller,
        key: IdempotencyRecord?
    ) async throws -> AppointmentView {
        do {
            return try await desk.deciding {
                let change = Change(at: desk.now(), by: caller.actor, reason: reason)
                return try await attempt(id, wanted, expected, change, caller, key)
            }
        } catch let error as BookingError where error.isAboutTheSlot {
            guard case .reschedule(let start, let practitioner, let room) = wanted else { throw error }
            let careType = try await current(id).appointment.slot.careType
            let query = SlotQuery(careType, at: start, practitioner: practitioner, room: room)
            throw SlotRefused(reason: error, alternatives: try await FindSlots(desk).alternatives(to: query))
        }
    }

    @EventLoop private func attempt(
        _ id: Identifier<Appointment>, _ wanted: AppointmentChange, _ expected: Int?, _ change: Change,
        _ caller: Caller, _ key: IdempotencyRecord?
    ) async throws -> AppointmentView {
        let around = wanted.start.map { TimeRange(only: $0).reach } ?? TimeRange(only: change.instant)
        let rows = try await desk.store.data.batch([
            ClinicCatalogs.version, Agenda.allocations(meeting: around, at: change.instant, except: id),
            Self.find(id),
            key?.lookup ?? "SELECT", query(for: wanted),
        ])
        if let answer = try desk.earlierAnswer(key, rows[3]) { return answer }
        guard let row = rows[2].first else { throw NotFound() }
        let stored = try AppointmentRow(row)
        guard caller.maySee(stored) else { throw NotFound() }
        let catalog = try await desk.catalogs.catalog(of: desk.store, asOf: rows[0])
        var appointment = stored.appointment
        if let expected { try appointment.check(version: expected) }
        var preparation: [SQL] = []
        let fact = try apply(
            wanted, to: &appointment, catalog, try Agenda.allocations(rows[1]), rows[4], change, caller, &preparation)
        let view = AppointmentView(appointment, catalog)
        if let fact {
            try await desk.write(fact, owner: stored.owner, with: preparation, asOf: catalog, key: key, answer: view)
        } else if let key {
            // Nothing to do is an answer too: sent again, the request is not judged anew.
            try await desk.store.data.batch([key.claim, try Desk.storing(view, under: key)])
        }
        return view
    }

    /// Nil when the appointment is as wanted already.
    @EventLoop private func apply(
        _ wanted: AppointmentChange, to appointment: inout Appointment, _ catalog: ClinicCatalog,
        _ allocations: [Allocation], _ patientRows: [Row], _ change: Change, _ caller: Caller,
        _ preparation: inout [SQL]
    ) throws -> AppointmentFact? {
        let rules = catalog.rules
        switch wanted {
        case .confirm(let recipient):
            let patient = try recipient.map {
                try desk.patient($0, patientRows, caller, &preparation)
            }
            return try appointment.confirm(for: patient, change)
        case .reschedule(let start, let practitioner, let room):
            let search = SlotSearch(catalog.clinic, allocations: allocations, now: change.instant)
            let slot = appointment.slot
            let query = SlotQuery(
                slot.careType, at: start, practitioner: practitioner ?? slot.practitioner, room: room)
            return try appointment.reschedule(to: search.claim(query), rules: rules, change)
        case .cancel: return try appointment.cancel(rules: rules, change)
        case .complete: return try appointment.complete(change)
        case .noShow: return try appointment.markNoShow(change)
        }
    }

    @EventLoop private func query(for wanted: AppointmentChange) -> SQL {
        guard case .confirm(let recipient?) = wanted else { return "SELECT" }
        return desk.query(for: recipient)
    }

    @EventLoop private func current(_ id: Identifier<Appointment>) async throws -> AppointmentRow {
        guard let row = try await desk.store.data.query(Self.find(id)).first else { throw NotFound() }
        return try AppointmentRow(row)
    }

    static func find(_ id: Identifier<Appointment>) -> SQL {
        "SELECT \(AppointmentRow.columns) FROM appointments WHERE id = \(id)"
    }
}

extension AppointmentChange {
    /// Where the appointment is to go, when it is to move.
    fileprivate var start: Instant? {
        if case .reschedule(let start, _, _) = self { start } else { nil }
    }
}
