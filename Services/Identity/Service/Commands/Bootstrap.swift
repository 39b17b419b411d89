import Cryptography
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Creates the platform's own tenant and its first super administrator. Repeating it has no effect.
@EventLoop
struct Bootstrap {
    /// What the first super administrator needs for their second factor.
    struct Enrolment {
        /// `otpauth://…`
        let uri: String
        /// Empty if the application was bound before: the codes were shown then.
        let recoveryCodes: [RecoveryCode]
    }

    let context: ServiceContext
    let hasher: PasswordHasher

    /// - Parameters:
    ///   - draft: of the super administrator.
    ///   - enrolsSecondFactor: whether to bind an authenticator application now; else the first login does.
    /// - Returns: the enrolment; nil if it was not asked for.
    func callAsFunction(_ draft: UserDraft, enrolsSecondFactor: Bool) async throws -> Enrolment? {
        try await createTenant()
        let realm = try await Realm(of: .platform, context)
        let index = realm.vault.index(of: draft.email)
        if try await realm.data.ask(realm.account(withIndex: index)) == nil {
            let (hash, now) = (try await hasher.hash(draft.password, of: draft.email), context.now)
            let user = NewUser(draft, id: .new(at: now), passwordHash: hash, realm.vault)
            try await realm.data.batch([
                user.insertOnce(at: now), Audit.record(.bootstrap, by: .operatorOnConsole, on: user.id, at: now),
            ])
        }
        guard enrolsSecondFactor, let account = try await realm.data.ask(realm.account(withIndex: index)) else {
            return nil
        }
        let (secret, codes) = try await secondFactor(of: account, in: realm)
        return Enrolment(uri: BeginEnrolment.uri(secret, of: account, in: realm), recoveryCodes: codes)
    }

    private func secondFactor(of account: Account, in realm: Realm) async throws -> ([UInt8], [RecoveryCode]) {
        if let factor = account.secondFactor { return (factor.secret, []) }
        let (secret, codes) = (TOTP.newSecret(), RecoveryCode.set())
        let line = Audit.record(.enrolment, by: .operatorOnConsole, on: account.id, at: context.now)
        try await realm.data.batch(
            SecondFactors.bind(secret, lastStep: 0, codes, to: account.id, realm.vault) + [line])
        return (secret, codes)
    }

    private func createTenant() async throws {
        let (platform, now) = (context.platform, context.now)
        let profile = TenantProfile(
            id: .new(at: now), slug: .platform, name: "Guichet", address: "—", timeZone: "UTC", locale: "fr",
            phoneCountry: "FR", database: platform.databaseNames[0])
        do {
            try await context.registry.transaction {
                try await RegisterTenant(context: context)(profile, in: $0, at: now)
            }
            context.eventsCommitted(in: context.registry)
        } catch let error as PostgresError where error.code == .conflict(constraint: "tenant_slug_is_free") {
            // The tenant exists: this is a repetition.
        }
        try await platform.directory.reload()
        if platform.directory.unprepared.contains(.platform) { try await platform.directory.prepare(.platform) }
    }
}
