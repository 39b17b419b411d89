import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Opens a session for an address and a password, and a code if the role or the user requires one.
@EventLoop
struct LogIn {
    /// The credentials that a client presents.
    struct Claim: Sendable {
        let tenant: TenantSlug
        let email: EmailAddress
        let password: String
        /// A code of the authenticator application, or a recovery code.
        let code: String?
    }

    let context: ServiceContext
    let openSession: OpenSession
    let hasher: PasswordHasher

    /// Returns tokens, or the beginning of an enrolment if the role requires a second factor and there is none yet.
    func callAsFunction(_ claim: Claim, by actor: AuditActor) async throws -> LoginView {
        guard let realm = try await Realm.named(claim.tenant, context) else {
            _ = try await hasher.matches(claim.password, nil)
            throw IdentityError.invalidCredentials
        }
        let index = realm.vault.index(of: claim.email)
        try await realm.countAttempt(on: index, at: context.now)
        let account = try await realm.data.ask(realm.account(withIndex: index)).flatMap { $0.isActive ? $0 : nil }
        do {
            let matches = try await hasher.matches(claim.password, account?.passwordHash)
            guard matches, let account else { throw IdentityError.invalidCredentials }
            if let factor = account.secondFactor {
                try await realm.redeem(claim.code, factor, of: account.id, at: context.now)
            } else if account.role.needsSecondFactor {
                return LoginView(try await BeginEnrolment(context: context)(of: account, in: realm))
            }
            return LoginView(try await openSession(for: account, in: realm, by: actor))
        } catch let error as IdentityError {
            let actor = account.map { actor.identified(as: $0.id) } ?? actor
            try await realm.data.query(Audit.record(.login, .refused, by: actor, at: context.now))
            throw error
        }
    }
}
