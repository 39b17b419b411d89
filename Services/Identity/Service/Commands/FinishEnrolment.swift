import Cryptography
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Binds an authenticator application to an account by its first code, and opens a session.
@EventLoop
struct FinishEnrolment {
    let context: ServiceContext
    let openSession: OpenSession

    func callAsFunction(ticket: String, code: String, by actor: AuditActor) async throws -> EnrolmentView {
        let now = context.now
        guard let token = OpaqueToken(ticket) else { throw IdentityError.ticketInvalid }
        guard let realm = try await Realm.named(token.tenant, context) else {
            try await context.registry.ask(UnknownTenants.query)
            throw IdentityError.ticketInvalid
        }
        guard let (account, secret) = try await realm.data.ask(EnrolmentTickets.present(token, realm.vault, at: now))
        else { throw IdentityError.ticketInvalid }
        let actor = actor.identified(as: account.id)
        guard let step = TOTP(secret: secret).matchingStep(of: code, at: now) else {
            try await realm.data.query(Audit.record(.enrolment, .refused, by: actor, at: now))
            throw IdentityError.secondFactorInvalid
        }
        let codes = RecoveryCode.set()
        let enrolled = try await realm.data.transaction { transaction in
            guard try await transaction.ask(EnrolmentTickets.use(token)) else { throw IdentityError.ticketInvalid }
            try await transaction.batch(
                SecondFactors.bind(secret, lastStep: step, codes, to: account.id, realm.vault)
                    + [Audit.record(.enrolment, by: actor, at: now)])
            return try await realm.lock(account.id, in: transaction)
        }
        return EnrolmentView(
            tokens: try await openSession(for: enrolled, in: realm, by: actor),
            recoveryCodes: codes.map(\.description))
    }
}
