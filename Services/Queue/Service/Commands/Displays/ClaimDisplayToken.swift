import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Gives a screen its token once staff have confirmed it.
@EventLoop
struct ClaimDisplayToken {
    let context: ServiceContext

    /// A screen that asks again gets the same token. Throws `NotFound` if the secret opens no pairing, or its display was
    /// removed.
    func callAsFunction(_ secret: PairingSecret) async throws -> PairingStateView {
        let now = context.now
        let find = DisplayPairings.find(secretDigest: secret.digest, at: now)
        guard let pairing = try await context.registry.ask(find) else { throw NotFound() }
        guard let confirmed = pairing.confirmed else { return PairingStateView(waitingUntil: pairing.expiresAt) }
        let tenant = try await context.store(for: confirmed.tenant)
        let token = DisplayToken(of: confirmed.display, in: confirmed.tenant, for: secret)
        let display = try await tenant.data.transaction { transaction -> StoredDisplay? in
            guard let display = try await transaction.ask(Displays.lock(confirmed.display)) else { return nil }
            guard display.tokenDigest == nil else { return display }
            let paired = try await transaction.ask(Displays.pair(display.id, tokenDigest: token.digest, at: now))
            transaction.later(
                [try Displays.record(DisplayPaired.self, of: paired, tenant: confirmed.tenant, at: now)].compactMap {
                    $0
                })
            return paired
        }
        // Its confirmation was interrupted.
        guard let display else { return PairingStateView(waitingUntil: pairing.expiresAt) }
        guard display.tokenDigest == token.digest else { throw NotFound() }
        context.eventsCommitted(in: tenant.data)
        return PairingStateView(display, token: token, until: pairing.expiresAt)
    }
}

extension PairingStateView {
    fileprivate init(waitingUntil expiry: Instant) {
        self.init(isConfirmed: false, expiresAt: expiry, token: nil, display: nil, name: nil, queues: nil)
    }

    fileprivate init(_ display: StoredDisplay, token: DisplayToken, until expiry: Instant) {
        self.init(
            isConfirmed: true, expiresAt: expiry, token: token.text, display: display.id, name: display.name,
            queues: display.queues)
    }
}
