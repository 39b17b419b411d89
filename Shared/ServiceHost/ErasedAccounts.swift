import Authentication
package import EventLoop
package import GuichetProtocol
import Idempotency
import Messaging
package import Postgres
package import Primitives
import Runtime
import Tenancy

/// Has the service remove what belongs to erased accounts: soon after the event, and once more when no request of the
/// account can be under way any longer. Identity, which erases them, records them with the erasure.
@EventLoop
package final class ErasedAccounts {
    /// After this time no token of the account is valid, and no request that had one is under way.
    private static let settlingTime = EndedSession.refusal

    private let platform: Platform
    private let traces: @EventLoop (UserID) -> [SQL]
    private let runs = Coalescer<TenantSlug>()
    private let log = Logger("erased-accounts")

    /// - Parameter traces: the statements that remove what belongs to an account from a tenant's schema.
    init(_ platform: Platform, traces: @escaping @EventLoop (UserID) -> [SQL]) {
        (self.platform, self.traces) = (platform, traces)
    }

    /// The statement that records an erased account in a tenant's schema.
    package static func record(_ account: UserID, at time: Instant) -> SQL {
        "INSERT INTO erased_accounts (account, erased_at) VALUES (\(account), \(time)) ON CONFLICT DO NOTHING"
    }

    var subscriptions: [Subscription] {
        guard platform.service.description != UserErased.name.service else { return [] }
        return [
            .to(UserErased.self, scope: .tenant, taking: .everyFact) { [weak self] event, context in
                try await context.transaction.query(Self.record(event.data.user, at: event.time))
                guard let tenant = context.tenant else { return }
                context.afterCommit { self?.forgetSoon(in: tenant) }
            }
        ]
    }

    /// Removes what is due in all tenants. A failure for one tenant does not affect the others; the next run tries again.
    package func forget() async throws {
        let before = platform.clock.now - Self.settlingTime
        try await platform.directory.onEachServer { [self] round in
            let tenants = round.tenants + round.closed
            let due = try await round.queryAll(tenants.map(\.data)) {
                "SELECT * FROM accounts_to_forget(\($0)::text[], \(before))"
            }
            try await round.each(of: tenants.filter { due[$0.data.schema] != nil }) { try await forget(in: $0) }
        }
    }

    private func forgetSoon(in tenant: TenantStore) {
        runs.run(tenant.tenant.slug) { [self] in
            do {
                try await forget(in: tenant)
            } catch {
                log.warning("an erased account is removed later", [.error: String(reflecting: error)])
            }
        }
    }

    private func forget(in tenant: TenantStore) async throws {
        let (store, now) = (tenant.data.inBackground, platform.clock.now)
        let before = now - Self.settlingTime
        let rows = try await store.query(
            "SELECT account FROM erased_accounts WHERE forgotten_at IS NULL OR erased_at < \(before)")
        for row in rows {
            let account: UserID = try row.get("account")
            if tenant.tenant.slug == .platform {
                try await platform.directory.registry.inBackground.query(IdempotencyRecord.removeAll(about: account))
            }
            try await store.batch(
                [IdempotencyRecord.removeAll(about: account)] + traces(account) + [
                    "UPDATE erased_accounts SET forgotten_at = \(now) WHERE account = \(account)",
                    "DELETE FROM erased_accounts WHERE account = \(account) AND erased_at < \(before)",
                ])
        }
    }
}

extension MigrationSet {
    /// The accounts of which something is to be removed.
    static let erasedAccounts = MigrationSet(
        "erased-accounts", [Migration(1, "erased accounts", PackageResources.V0005_erased_accounts_sql)])
}
