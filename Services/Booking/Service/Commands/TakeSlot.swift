import Authentication
import BookingDomain
import EventLoop
import Idempotency
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Takes a slot: holds it for a while, or books it for a patient at once.
struct TakeSlot: Sendable {
    /// Which slot is wanted. Without a practitioner or room, whoever and whichever is free.
    struct Wish: Sendable {
        let careType: CareType
        let start: Instant
        let practitioner: Identifier<Resource>?
        let room: Identifier<Resource>?

        init(
            careType: CareType, start: Instant, practitioner: Identifier<Resource>? = nil,
            room: Identifier<Resource>? = nil
        ) {
            (self.careType, self.start, self.practitioner, self.room) = (careType, start, practitioner, room)
        }

        var query: SlotQuery { SlotQuery(careType, at: start, practitioner: practitioner, room: room) }
    }

    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    /// Throws ``SlotRefused`` with free alternatives when the slot cannot be had.
    @EventLoop func callAsFunction(
        _ wish: Wish, for recipient: Recipient, reason: Reason?, caller: Caller, key: IdempotencyRecord?
    ) async throws -> AppointmentView {
        let id = Identifier<Appointment>.new(at: desk.now())
        do {
            return try await desk.deciding {
                try await attempt(
                    id, wish, recipient, Change(at: desk.now(), by: caller.actor, reason: reason), caller, key)
            }
        } catch let error as BookingError where error.isAboutTheSlot {
            throw SlotRefused(reason: error, alternatives: try await FindSlots(desk).alternatives(to: wish.query))
        }
    }

    @EventLoop private func attempt(
        _ id: Identifier<Appointment>, _ wish: Wish, _ recipient: Recipient, _ change: Change, _ caller: Caller,
        _ key: IdempotencyRecord?
    ) async throws -> AppointmentView {
        let rows = try await desk.store.data.batch([
            ClinicCatalogs.version, Agenda.allocations(for: wish.query, at: change.instant), desk.query(for: recipient),
            Self.holds(of: caller, at: change.instant), key?.lookup ?? "SELECT",
        ])
        if let answer = try desk.earlierAnswer(key, rows[4]) { return answer }
        let catalog = try await desk.catalogs.catalog(of: desk.store, asOf: rows[0])
        let search = SlotSearch(catalog.clinic, allocations: try Agenda.allocations(rows[1]), now: change.instant)
        let slot = try search.claim(wish.query)
        var preparation: [SQL] = []
        let fact: AppointmentFact
        if case .hold = recipient {
            if caller.isPatient {
                try catalog.rules.checkHold(held: rows[3][0].get("held"))
                preparation = [Self.fewerHolds(of: caller, than: catalog.rules.holdsPerClient, at: change.instant)]
            }
            fact = Appointment.hold(id, slot, for: nil, rules: catalog.rules, change)
        } else {
            let patient = try desk.patient(recipient, rows[2], caller, &preparation)
            fact = Appointment.book(id, slot, for: patient, change)
        }
        let view = AppointmentView(fact.after, catalog)
        try await desk.write(fact, owner: caller.account, with: preparation, asOf: catalog, key: key, answer: view)
        return view
    }

    /// Raises GU003 when the client has them all meanwhile.
    private static func fewerHolds(of caller: Caller, than limit: Int, at now: Instant) -> SQL {
        "SELECT require_fewer_holds(\(caller.account), \(limit)::int, \(now))"
    }

    private static func holds(of caller: Caller, at now: Instant) -> SQL {
        """
        SELECT count(*) AS held FROM appointments
        WHERE owner = \(caller.account) AND status = 'held' AND held_until > \(now)
        """
    }
}

extension BookingError {
    /// True when another time of asking may do.
    var isAboutTheRush: Bool {
        switch self {
        case .tooManyBookings, .bookingsTooFast: true
        default: false
        }
    }

    /// True when another slot may do.
    var isAboutTheSlot: Bool {
        switch self {
        case .slotTaken, .slotOutsideHours, .slotTooSoon, .slotBeyondHorizon: true
        default: false
        }
    }
}
