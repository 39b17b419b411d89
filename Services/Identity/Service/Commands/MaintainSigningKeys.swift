import Authentication
import Cryptography
import EventLoop
import FoundationEssentials
import GuichetProtocol
import IdentityDomain
import Messaging
import Postgres
import Primitives
import Tenancy

/// Makes, publishes and retires signing keys. Whoever does so holds the lock of the set; the others come after him.
@EventLoop
struct MaintainSigningKeys {
    let context: Dependencies
    let keys: SigningKeys

    /// Makes a key when there is none or the youngest has served its time, and forgets those that are over. To be called
    /// at start and from time to time by every process.
    func callAsFunction() async throws {
        let hasChanged = try await change { set, now in
            let alive = set.filter { $0.life.isAccepted(at: now) }
            let isDue = context.configuration.keySchedule.isRotationDue(alive.map(\.life), at: now)
            return Change(expired: set.count > alive.count, makesKey: isDue)
        }
        if hasChanged { context.announced() }
        try await keys.reload()
    }

    /// Makes a new key although none is due: when the present one may have been seen by somebody.
    func rotate() async throws {
        try await change { _, _ in Change(expired: false, makesKey: true) }
        context.announced()
        try await keys.reload()
    }

    /// What is to be done with the keys.
    private struct Change {
        var expired: Bool
        var makesKey: Bool
    }

    /// Whether anything was done.
    @discardableResult
    private func change(_ decide: @EventLoop (_ set: [StoredKey], _ now: Instant) -> Change) async throws -> Bool {
        let now = context.now()
        return try await context.directory.registry.transaction { transaction in
            let rows = try await transaction.batch(["SELECT version FROM signing_key_set FOR UPDATE", SigningKeys.all])[
                1]
            let set = try rows.map { try StoredKey($0, context.keyRing) }
            let change = decide(set, now)
            guard change.expired || change.makesKey else { return false }
            var statements: [SQL] = ["DELETE FROM signing_keys WHERE expires_at <= \(now)"]
            if change.makesKey { statements += makeKey(isFirst: set.isEmpty, at: now) }
            try await transaction.batch(statements)
            try await Self.publish(in: transaction, context, at: now)
            return true
        }
    }

    private func makeKey(isFirst: Bool, at now: Instant) -> [SQL] {
        let schedule = context.configuration.keySchedule
        let activation = schedule.activation(ofKeyMadeAt: now, isFirst: isFirst)
        let id = Identifier<StoredKey>.new(at: now).description
        let sealed = context.keyRing.encrypt(Array(P256PrivateKey.generate().pem.utf8), in: StoredKey.field(id))
        return [
            """
            UPDATE signing_keys SET expires_at = \(schedule.expiry(ofPredecessorsOf: activation))
            WHERE expires_at IS NULL
            """,
            "INSERT INTO signing_keys (id, private_key, active_at) VALUES (\(id), \(sealed), \(activation))",
        ]
    }

    /// Records the event with all keys that count, as the next version; the caller's transaction holds the lock, or takes
    /// it here.
    static func publish(
        in transaction: Transaction, _ context: Dependencies, at now: Instant, causation: EventAttributes? = nil
    ) async throws {
        let rows = try await transaction.batch([
            "UPDATE signing_key_set SET version = version + 1 RETURNING version", SigningKeys.all,
        ])
        let keys = try rows[1].map { try StoredKey($0, context.keyRing).verificationKey }
        let text = String(decoding: try JSONEncoder().encode(JSONWebKeySet(keys)), as: UTF8.self)
        try await transaction.query(
            Outbox.record(
                SigningKeysPublished(keySet: text), of: "identity", version: rows[0][0].get("version"),
                tenant: .platform, at: now, causation: causation))
    }
}
