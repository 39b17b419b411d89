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

/// Takes a slot: holds it for a while, or books it for a patient.
@EventLoop
struct TakeSlot {
    struct Wish: Sendable {
        let slot: SlotQuery
        let recipient: Recipient
        let reason: Reason?
    }

    private let context: ServiceContext
    private let catalogs: ClinicCatalogs
    private let patients: PatientRecords
    private let appointments: Appointments
    private let findSlots: FindSlots
    private let load: BookingLoad

    init(
        _ context: ServiceContext, _ catalogs: ClinicCatalogs, _ patients: PatientRecords,
        _ appointments: Appointments, _ findSlots: FindSlots
    ) {
        (self.context, self.catalogs, self.patients) = (context, catalogs, patients)
        (self.appointments, self.findSlots) = (appointments, findSlots)
        load = BookingLoad(context, catalogs)
    }

    /// Throws ``SlotRefused`` if the slot is not available, and what the domain refuses.
    func callAsFunction(
        _ wish: Wish, in tenant: TenantStore, by caller: Caller, key: IdempotencyRecord?
    ) async throws -> AppointmentView {
        let id = Identifier<Appointment>.new(at: context.now)
        return try await load.book(in: tenant, key: key) {
            do {
                return try await LostRace.retry { try await attempt(id, wish, in: tenant, by: caller, key: key) }
            } catch let error as BookingError where error.refusesSlot {
                throw SlotRefused(
                    reason: error, alternatives: try await findSlots.alternatives(to: wish.slot, in: tenant, by: caller)
                )
            }
        }
    }

    private func attempt(
        _ id: Identifier<Appointment>, _ wish: Wish, in tenant: TenantStore, by caller: Caller,
        key: IdempotencyRecord?
    ) async throws -> AppointmentView {
        let now = context.now
        let hasHoldLimit = wish.recipient == .hold && caller.isPatient
        let (version, taken, found, held, earlier) = try await tenant.data.ask(
            CalendarTables.version, Allocations.conflicting(with: wish.slot, at: now),
            patients.find(
                wish.recipient, for: caller, in: tenant.tenant.slug,
                meanwhile: caller.isPatient ? nil : .new(wish.slot, at: now)),
            hasHoldLimit ? Holds.count(of: caller.account, at: now) : .known(0),
            key.earlierAnswer(as: AppointmentView.self))
        if let earlier { return earlier.stored(in: version.generation) }
        let catalog = try await catalogs.catalog(of: tenant, version: version)
        let slot = try SlotSearch(catalog.clinic, allocations: taken, now: now, by: caller).claim(wish.slot)
        let change = Change(at: now, by: caller.actor, reason: wish.reason)
        let write: AppointmentWrite
        if wish.recipient == .hold {
            if hasHoldLimit { try catalog.rules.checkHold(held: held) }
            write = AppointmentWrite(
                fact: Appointment.hold(id, slot, for: nil, rules: catalog.rules, change), owner: caller.account,
                calendarVersion: version, generation: version.generation,
                holdLimit: hasHoldLimit ? catalog.rules.holdsPerClient : nil)
        } else {
            let patient = try BookedPatient(wish.recipient, found: found, by: caller, at: now)
            write = AppointmentWrite(
                fact: Appointment.book(id, slot, for: patient.id, change), owner: caller.account,
                calendarVersion: version, generation: version.generation, registration: patient.registration,
                requester: AppointmentWrite.RequestingAccount(of: caller, catalog.rules))
        }
        let view = AppointmentView(write.fact.after, in: write.generation, catalog)
            .warning(of: found?.simultaneous ?? [])
        try await appointments.store(write, in: tenant, answer: view, key: key)
        return view
    }
}
