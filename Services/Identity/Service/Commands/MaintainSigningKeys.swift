import Cryptography
import EventLoop
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Creates, publishes and removes signing keys. Processes that do so at the same time wait for each other.
@EventLoop
struct MaintainSigningKeys {
    private let context: ServiceContext
    private let keys: SigningKeys
    private let schedule: KeySchedule

    init(_ context: ServiceContext, _ keys: SigningKeys, _ schedule: KeySchedule) {
        (self.context, self.keys, self.schedule) = (context, keys, schedule)
    }

    /// Creates a key if there is none or the youngest has reached its lifetime, and removes expired ones. Called by
    /// every process at its start and periodically.
    func callAsFunction() async throws {
        let hasChanged = try await change { set, now in
            let accepted = set.filter { $0.life.isAccepted(at: now) }
            let isDue = schedule.isRotationDue(accepted.map(\.life), at: now)
            return Change(removesExpired: set.count > accepted.count, createsKey: isDue)
        }
        if hasChanged { context.eventsCommitted(in: context.registry) }
        try await keys.reload()
    }

    /// Creates a new key although none is due, for example because the present one may have leaked.
    func rotate(by actor: AuditActor) async throws {
        // The audit line goes into the schema of the platform's tenant.
        _ = try await context.store(for: .platform)
        let line = Audit.recordOnPlatform(.keysRotate, by: actor, at: context.now)
        try await change(also: [line]) { _, _ in Change(removesExpired: false, createsKey: true) }
        context.eventsCommitted(in: context.registry)
        try await keys.reload()
    }

    private struct Change {
        var removesExpired: Bool
        var createsKey: Bool
    }

    /// Decides about the locked set, and returns whether it was changed.
    @discardableResult
    private func change(
        also statements: [SQL] = [], _ decide: @EventLoop (_ set: [StoredKey], _ now: Instant) -> Change
    ) async throws -> Bool {
        let (now, keyRing) = (context.now, context.platform.keyRing)
        return try await context.registry.transaction { transaction in
            let (_, set) = try await transaction.ask(SigningKeySet.lock, SigningKeySet.keys(keyRing))
            let change = decide(set, now)
            guard change.removesExpired || change.createsKey else { return false }
            var changes = [SigningKeySet.removeExpired(at: now)] + statements
            if change.createsKey {
                let activation = schedule.activation(ofKeyMadeAt: now, isFirst: set.isEmpty)
                changes += [
                    SigningKeySet.expire(at: schedule.expiry(ofPredecessorsOf: activation)),
                    SigningKeySet.insert(.generate(), activeAt: activation, keyRing, at: now),
                ]
            }
            try await transaction.batch(changes)
            try await PublishSigningKeys(context: context)(in: transaction, at: now)
            return true
        }
    }
}
