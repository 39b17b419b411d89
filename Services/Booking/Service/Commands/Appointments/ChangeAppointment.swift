import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
import Idempotency
import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// What can be done to an appointment that exists.
enum AppointmentChange: Sendable {
    /// Makes a hold an appointment, for its patient or for this one.
    case confirm(Recipient?)
    /// Moves it in one step: to this start, with this practitioner or, without one, with the same, in this room or in
    /// any free one.
    case reschedule(to: Instant, practitioner: Identifier<Resource>?, room: Identifier<Resource>? = nil)
    case cancel
    case complete
    case noShow
}

extension AppointmentChange {
    /// True for a change after which the appointment takes the slot that it took before.
    fileprivate var keepsSlot: Bool { if case .confirm = self { true } else { false } }
}

/// Changes an appointment: reads it, lets the domain decide, stores what happened.
@EventLoop
struct ChangeAppointment {
    struct Wish: Sendable {
        let change: AppointmentChange
        var reason: Reason?
        /// Which version the caller has seen.
        var precondition = Precondition.anyVersion
    }

    /// What was read of an appointment that is to be changed.
    private struct Present {
        let stored: StoredAppointment
        let catalog: ClinicCatalog
        /// Everything taken around the wanted start, without the appointment itself.
        let taken: [Allocation]
        /// What is on record of the patient to confirm for.
        let found: StoredRecipient?
    }

    private let context: ServiceContext
    private let catalogs: ClinicCatalogs
    private let patients: PatientRecords
    private let appointments: Appointments
    private let findSlots: FindSlots

    init(
        _ context: ServiceContext, _ catalogs: ClinicCatalogs, _ patients: PatientRecords,
        _ appointments: Appointments, _ findSlots: FindSlots
    ) {
        (self.context, self.catalogs, self.patients) = (context, catalogs, patients)
        (self.appointments, self.findSlots) = (appointments, findSlots)
    }

    /// Throws ``NotFound``, ``SlotRefused``, ``Precondition/Fault`` or what the domain refuses.
    func callAsFunction(
        _ id: Identifier<Appointment>, _ wish: Wish, in tenant: TenantStore, by caller: Caller,
        key: IdempotencyRecord?
    ) async throws -> AppointmentView {
        do {
            return try await LostRace.retry { try await attempt(id, wish, in: tenant, by: caller, key: key) }
        } catch let error as BookingError where error.refusesSlot {
            guard case .reschedule(let start, let practitioner, let room) = wish.change else { throw error }
            guard let stored = try await tenant.data.ask(StoredAppointment.find(id)) else { throw NotFound() }
            let query = SlotQuery(
                stored.appointment.slot.careType, at: start, practitioner: practitioner, room: room)
            throw SlotRefused(
                reason: error,
                alternatives: try await findSlots.alternatives(to: query, except: id, in: tenant, by: caller))
        }
    }

    private func attempt(
        _ id: Identifier<Appointment>, _ wish: Wish, in tenant: TenantStore, by caller: Caller,
        key: IdempotencyRecord?
    ) async throws -> AppointmentView {
        let change = Change(at: context.now, by: caller.actor, reason: wish.reason)
        let recipient: Recipient = if case .confirm(let recipient?) = wish.change { recipient } else { .hold }
        let (version, taken, stored, earlier, found, simultaneous) = try await tenant.data.ask(
            CalendarTables.version, allocations(for: wish.change, of: id, at: change.instant),
            StoredAppointment.find(id), key.earlierAnswer(as: AppointmentView.self),
            patients.find(
                recipient, for: caller, in: tenant.tenant.slug,
                meanwhile: caller.isPatient ? nil : .present(of: id, at: change.instant)),
            caller.isPatient ? .known([]) : meanwhile(wish.change, of: id, at: change.instant))
        if let earlier { return earlier.stored(in: version.generation) }
        guard let stored, caller.maySee(stored) else { throw NotFound() }
        let catalog = try await catalogs.catalog(of: tenant, version: version)
        var appointment = stored.appointment
        try wish.precondition.check(stored.version)
        let present = Present(stored: stored, catalog: catalog, taken: taken, found: found)
        let write = try apply(wish.change, to: &appointment, present, change, by: caller)
        let view = AppointmentView(appointment, in: stored.generation, catalog)
            .warning(of: found?.simultaneous ?? simultaneous)
        if let write {
            do {
                try await appointments.store(write, in: tenant, answer: view, key: key)
            } catch let error as PostgresError where wish.change.keepsSlot && error.isTakenSlot {
                // A hold keeps its slot until it lapses: another appointment has taken the slot since.
                throw BookingError.holdExpired
            }
        } else if let key {
            try await appointments.store(answer: view, under: key, in: tenant)
        }
        return view
    }

    private func allocations(
        for change: AppointmentChange, of id: Identifier<Appointment>, at now: Instant
    ) -> Query<[Allocation]> {
        guard case .reschedule(let start, _, _) = change else { return .known([]) }
        return Allocations.overlapping(TimeRange(only: start).reach, at: now, except: id)
    }

    /// The other appointments of the patient at the time that the appointment is moved to.
    private func meanwhile(
        _ change: AppointmentChange, of id: Identifier<Appointment>, at now: Instant
    ) -> Query<[Identifier<Appointment>]> {
        guard case .reschedule(let start, _, _) = change else { return .known([]) }
        return AppointmentPeriod.moved(id, to: start, at: now).ofItsPatient
    }

    /// Returns nil if the appointment is as wanted already.
    private func apply(
        _ wanted: AppointmentChange, to appointment: inout Appointment, _ present: Present, _ change: Change,
        by caller: Caller
    ) throws -> AppointmentWrite? {
        let rules = present.catalog.rules
        var registration: AppointmentWrite.Registration?
        let fact: AppointmentFact?
        switch wanted {
        case .confirm(let recipient):
            let patient = try recipient.map {
                try BookedPatient($0, found: present.found, by: caller, at: change.instant)
            }
            registration = patient?.registration
            fact = try appointment.confirm(for: patient?.id, change)
        case .reschedule(let start, let practitioner, let room):
            let search = SlotSearch(
                present.catalog.clinic, allocations: present.taken, now: change.instant, by: caller)
            let slot = appointment.slot
            let query = SlotQuery(
                slot.careType, at: start, practitioner: practitioner ?? slot.practitioner, room: room)
            fact = try appointment.reschedule(to: search.claim(query), rules: rules, change)
        case .cancel: fact = try appointment.cancel(rules: rules, change)
        case .complete: fact = try appointment.complete(change)
        case .noShow: fact = try appointment.markNoShow(change)
        }
        return fact.map {
            AppointmentWrite(
                fact: $0, owner: present.stored.owner, calendarVersion: present.catalog.version,
                generation: present.stored.generation, registration: registration,
                requester: AppointmentWrite.RequestingAccount(of: caller, rules))
        }
    }
}
