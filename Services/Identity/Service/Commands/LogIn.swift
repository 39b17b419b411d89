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
        /// A refresh token that the device had earlier; nil on a new device.
        let refreshToken: OpaqueToken?
    }

    let context: ServiceContext
    let openSession: OpenSession
    let hasher: PasswordHasher

    /// Returns tokens, or the beginning of an enrolment if the role requires a second factor and there is none yet.
    func callAsFunction(_ claim: Claim, by actor: AuditActor) async throws -> LoginView {
        guard let realm = try await Realm.named(claim.tenant, context) else {
            try await refuse(claim, by: actor)
        }
        let index = realm.vault.index(of: claim.email)
        let source = try await realm.source(of: actor.network, claim.refreshToken, index: index)
        try await CountAttempt(data: realm.data)(on: index, from: source, at: context.now)
        let account = try await realm.data.ask(realm.account(withIndex: index)).flatMap { $0.isActive ? $0 : nil }
        do {
            let matches = try await hasher.matches(claim.password, account?.passwordHash)
            guard matches, let account else { throw IdentityError.invalidCredentials }
            if let factor = account.secondFactor {
                try await realm.redeem(claim.code, factor, of: account.id, at: context.now)
            } else if account.role.needsSecondFactor {
                return LoginView(try await BeginEnrolment(context: context)(of: account, in: realm))
            }
            return LoginView(try await openSession(for: account, in: realm, by: actor, from: source.digest))
        } catch let error as IdentityError {
            let actor = account.map { actor.identified(as: $0.id) } ?? actor
            try await realm.data.query(Audit.record(.login, .refused, by: actor, at: context.now))
            throw error
        }
    }

    /// Refuses a login to a tenant that does not exist, after the steps of one to a tenant that does: neither the answer
    /// nor its time tells them apart.
    private func refuse(_ claim: Claim, by actor: AuditActor) async throws -> Never {
        let vault = Vault(of: claim.tenant, context)
        let source = AttemptSource(digest: vault.source(actor.network), isExempt: UnknownTenants.condition)
        if claim.refreshToken != nil { try await context.registry.ask(UnknownTenants.query) }
        try await CountAttempt(data: context.registry)(on: vault.index(of: claim.email), from: source, at: context.now)
        try await context.registry.ask(UnknownTenants.query)
        _ = try await hasher.matches(claim.password, nil)
        if let platform = try await Realm.named(.platform, context) {
            try await platform.data.query(
                Audit.record(.login, .refused, by: actor, on: claim.tenant, at: context.now))
        }
        throw IdentityError.invalidCredentials
    }
}
