import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
import Idempotency
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// What is stored together when something happened to an appointment.
struct AppointmentWrite {
    /// A patient who is registered by the same request.
    struct Registration {
        let id: Identifier<Patient>
        let contact: PatientContact
        let caller: Caller
    }

    let fact: AppointmentFact
    /// The account that took the appointment.
    let owner: Identifier<Actor>
    /// The version of the calendar by which a new slot was found free: the write fails if it has changed since.
    let calendarVersion: EntityVersion
    /// The generation of what the fact was decided on: the write fails if a restore has begun another since.
    let generation: Int
    var registration: Registration?
    /// How many holds the owner may have, this one included: the write fails if they have more by now.
    var holdLimit: Int?
    /// The patient account that asks, whose limits must hold; nil for staff.
    var requester: RequestingAccount?

    /// A patient account that writes an appointment.
    struct RequestingAccount {
        let id: Identifier<Actor>
        /// How many appointments ahead the account may have.
        let bookingLimit: Int

        /// Returns nil for staff.
        init?(of caller: Caller, _ rules: ClinicRules) {
            guard caller.isPatient else { return nil }
            (id, bookingLimit) = (caller.account, rules.bookingsPerClient)
        }
    }
}

/// The only place where appointments are written.
@EventLoop
struct Appointments {
    let context: ServiceContext
    let patients: PatientRecords

    /// Stores a fact and everything that follows from it in one transaction and one round trip: the appointment, its
    /// history, its allocations, its event, and the answer under the request's key.
    func store(
        _ write: AppointmentWrite, in tenant: TenantStore, answer: AppointmentView? = nil,
        key: IdempotencyRecord? = nil
    ) async throws {
        var statements = try statements(write, of: tenant.tenant.slug)
        if let key, let answer { statements = [key.claim] + statements + [try key.store(answer)] }
        do {
            try await tenant.data.batch(statements)
        } catch let error as PostgresError {
            let refusal = AccountLimits.refusal(of: error, bookings: write.requester?.bookingLimit ?? 0)
            // The same request may have been answered meanwhile: it counts itself then, and its answer is read again.
            guard let refusal, try await tenant.data.ask(key.earlierAnswer(as: AppointmentView.self)) == nil else {
                throw error
            }
            throw refusal
        }
        context.eventsCommitted(in: tenant.data)
    }

    /// Stores the answer to a request that changed nothing, so that the same request is answered alike later.
    func store(answer: AppointmentView, under key: IdempotencyRecord, in tenant: TenantStore) async throws {
        try await tenant.data.batch([key.claim, try key.store(answer)])
    }

    private func statements(_ write: AppointmentWrite, of tenant: TenantSlug) throws -> [SQL] {
        let (fact, after) = (write.fact, write.fact.after)
        let isNewSlot = fact.before?.slot != after.slot
        var statements = [CalendarTables.require(generation: write.generation)]
        if isNewSlot { statements.append(CalendarTables.require(version: write.calendarVersion)) }
        if let limit = write.holdLimit {
            statements.append(Holds.requireFewer(than: limit, of: write.owner, at: fact.change.instant))
        }
        if let requester = write.requester { statements += requirements(of: requester, for: fact, write.registration) }
        if let new = write.registration {
            let account = new.caller.isPatient ? new.caller.account : nil
            statements += [
                try patients.insert(new.id, new.contact, account: account, in: tenant),
                AccessAudit.record(.register, by: new.caller, of: new.id),
            ]
        }
        statements += [StoredAppointment.upsert(fact, owner: write.owner), StoredAppointment.record(fact)]
        if !after.status.takesSlot {
            statements.append(Allocations.release(after.id))
        } else if isNewSlot || fact.before?.status.heldUntil != after.status.heldUntil {
            statements += Allocations.take(after, at: fact.change.instant)
        }
        statements.append(try PublishedEvents.record(fact, tenant: tenant))
        return statements
    }

    /// What must hold for an account: it has fewer appointments and patients than it may, and the patient is free.
    private func requirements(
        of requester: AppointmentWrite.RequestingAccount, for fact: AppointmentFact,
        _ registration: AppointmentWrite.Registration?
    ) -> [SQL] {
        let (after, now) = (fact.after, fact.change.instant)
        guard case .confirmed = after.status else { return [] }
        var statements: [SQL] = []
        if fact.before?.status != after.status {
            statements.append(
                AccountLimits.requireFewerBookings(than: requester.bookingLimit, of: requester.id, at: now))
        }
        if registration != nil {
            statements.append(AccountLimits.requireFewerPatients(of: requester.id))
        } else if let free = AccountLimits.requireFreePatient(for: after, at: now) {
            statements.append(free)
        }
        return statements
    }
}
