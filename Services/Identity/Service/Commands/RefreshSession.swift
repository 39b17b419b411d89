import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Exchanges a refresh token for its successor and a new access token. The use of a copy ends the session.
@EventLoop
struct RefreshSession {
    let context: ServiceContext
    let keys: SigningKeys

    /// Throws ``IdentityError/refreshTokenInvalid``.
    func callAsFunction(_ text: String, by actor: AuditActor) async throws -> TokenView {
        guard let token = OpaqueToken(text) else { throw IdentityError.refreshTokenInvalid }
        guard let realm = try await Realm.named(token.tenant, context) else {
            try await context.registry.transaction { try await $0.ask(UnknownTenants.query, UnknownTenants.query) }
            throw IdentityError.refreshTokenInvalid
        }
        let (now, successor) = (context.now, token.successor(context.platform.blindIndex))
        let refreshed: Sessions.State? = try await realm.data.transaction { transaction in
            let (_, found) = try await transaction.ask(Sessions.lock(token), Sessions.state(of: token, realm.vault))
            guard let state = found else { return nil }
            let verdict = state.verdict(at: now)
            let actor = actor.identified(as: state.account.id, session: state.session)
            var effect = Self.effect(of: verdict, on: token, successor, state, by: actor, at: now)
            if verdict == .reused {
                let ended = try await transaction.ask(Sessions.end(state.session, at: now))
                effect += try Sessions.announce(ended, of: realm.tenant, at: now)
            }
            try await transaction.batch(effect)
            switch verdict {
            case .rotate, .repeatSuccessor: return state
            case .reused, .ended: return nil
            }
        }
        guard let refreshed else {
            context.eventsCommitted(in: realm.data)
            throw IdentityError.refreshTokenInvalid
        }
        let access = try keys.signer().issue(
            userID: refreshed.account.id, tenant: realm.tenant, role: refreshed.account.role,
            sessionID: refreshed.session)
        return TokenView(access, refreshToken: successor.text, refreshed.account)
    }

    private static func effect(
        of verdict: RefreshPolicy.Verdict, on token: OpaqueToken, _ successor: OpaqueToken, _ state: Sessions.State,
        by actor: AuditActor, at now: Instant
    ) -> [SQL] {
        func line(_ action: AuditedAction, _ outcome: Audit.Outcome) -> SQL {
            Audit.record(action, outcome, by: actor, on: state.session, at: now)
        }
        return switch verdict {
        case .rotate:
            [
                Sessions.use(token, at: now), Sessions.insert(successor, number: state.number + 1, of: state.session),
                line(.refresh, .granted),
            ]
        case .repeatSuccessor: [line(.refresh, .granted)]
        case .reused: [line(.reuse, .refused)]
        case .ended: [line(.refresh, .refused)]
        }
    }
}
