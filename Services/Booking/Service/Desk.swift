import BookingDomain
import Cryptography
import EventLoop
import GuichetProtocol
import Idempotency
import JSONCoding
import Messaging
import Postgres
import Primitives
import Scheduling
import Tenancy

/// What a use case works with: one tenant's data and the parts of the process that it needs.
@EventLoop
struct Desk {
    let store: TenantStore
    let catalogs: ClinicCatalogs
    let patients: PatientRecords
    let relay: OutboxRelay
    let now: @Sendable () -> Instant

    init(
        store: TenantStore, catalogs: ClinicCatalogs, keyRing: KeyRing, blindIndex: BlindIndex, relay: OutboxRelay,
        now: @escaping @Sendable () -> Instant
    ) {
        self.store = store
        self.catalogs = catalogs
        patients = PatientRecords(tenant: store.tenant.slug, keyRing: keyRing, blindIndex: blindIndex)
        self.relay = relay
        self.now = now
    }

    /// Which telephone numbers the tenant accepts.
    var phoneRule: PhoneRule { .of(country: store.tenant.phoneCountry) }

    /// Runs a use case that reads, decides and writes, again when somebody else was faster with what it read. The
    /// constraints of the database notice that; nothing is locked in between.
    func deciding<T>(_ body: @EventLoop () async throws -> T) async throws -> T {
        for attempt in 1... {
            do {
                return try await body()
            } catch let error as PostgresError where error.isLostRace && attempt < 8 {
                try await EventLoop.sleep(for: .milliseconds(Int.random(in: 0...(4 << attempt))))
            }
        }
        preconditionFailure("the last attempt returns or throws")
    }

    /// Writes a fact and all that follows from it in one transaction and one round trip: the appointment, its history,
    /// what it takes of the agenda, its event, and the answer under the request's key.
    ///
    /// - Parameter calendar: by which a new slot was found free; the database refuses when it is an old one by now.
    func write(
        _ fact: AppointmentFact, owner: Identifier<Actor>, with preparation: [SQL] = [],
        asOf calendar: ClinicCatalog, key: IdempotencyRecord?, answer: AppointmentView
    ) async throws {
        let isNewSlot = fact.before?.slot != fact.after.slot
        let check: [SQL] = isNewSlot ? ["SELECT require_calendar(\(calendar.version))"] : []
        var statements = check + preparation + [AppointmentRow.upsert(fact, owner: owner), AppointmentRow.record(fact)]
        if !fact.after.status.takesSlot {
            statements.append(Agenda.release(fact.after.id))
        } else if isNewSlot || fact.before?.status.heldUntil != fact.after.status.heldUntil {
            statements += Agenda.take(fact.after, at: fact.change.instant)
        }
        statements.append(try PublishedEvents.record(fact, tenant: store.tenant.slug))
        if let key { statements = [key.claim] + statements + [try Self.storing(answer, under: key)] }
        try await store.data.batch(statements)
        relay.wake(store.data)
    }

    /// Stores the answer to a request under its key.
    static func storing(_ answer: AppointmentView, under key: IdempotencyRecord) throws -> SQL {
        try key.store(answer)
    }

    /// What was answered to the same request before.
    func earlierAnswer(_ key: IdempotencyRecord?) async throws -> AppointmentView? {
        guard let key else { return nil }
        return try earlierAnswer(key, try await store.data.query(key.lookup))
    }

    /// What was answered to the same request before; its rows were read by the key's `lookup`.
    func earlierAnswer(_ key: IdempotencyRecord?, _ rows: [Row]) throws -> AppointmentView? {
        guard let answer = try key?.answer(in: rows) else { return nil }
        return try StrictJSON.decode(AppointmentView.self, from: Array(answer.utf8))
    }
}

extension PostgresError {
    /// True when somebody else wrote first what this use case decided on: it must look again and decide anew.
    var isLostRace: Bool {
        switch code {
        case .conflict("allocations_do_not_overlap"), .conflict("appointment_history_one_fact_per_version"),
            .conflict("outbox_one_event_per_version"), .conflict("patients_once"),
            .conflict("idempotency_keys_pkey"), .raised("GU002"), .raised("GU003"),
            .retryable:
            true
        default: false
        }
    }
}

/// A slot could not be had; here is what could.
struct SlotRefused: Error {
    let reason: BookingError
    let alternatives: [SlotView]
}
