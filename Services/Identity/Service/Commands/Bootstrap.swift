import Authentication
import Cryptography
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Tenancy

/// Makes the platform's own tenant and its first super administrator. Running it again changes nothing.
@EventLoop
struct Bootstrap {
    let context: Dependencies
    let createTenant: CreateTenant
    let hasher: PasswordHasher

    /// - Parameter enrolsSecondFactor: binds an authenticator application now, for whoever reads the address that is
    ///   returned; else the first login does.
    /// - Returns: the application's address and the recovery codes; nil when they were not asked for.
    func callAsFunction(
        email: EmailAddress, name: DisplayName, password: String, enrolsSecondFactor: Bool
    ) async throws -> Enrolment? {
        try await makeTenant()
        let realm = try await Realm(of: .platform, context)
        let index = realm.vault.index(of: email)
        if try await realm.account(withIndex: index) == nil {
            let hash = try await hasher.hash(password, of: email)
            let draft = ManageUsers.Draft(email: email, name: name, role: .superAdmin, password: password)
            let user = NewUser(draft, id: .new(at: context.now()), passwordHash: hash, realm.vault)
            try await realm.data.batch([
                "\(user.insert) ON CONFLICT DO NOTHING",
                Audit.record(.bootstrap, by: Actor(network: .console), on: user.id, at: context.now()),
            ])
        }
        guard enrolsSecondFactor, let account = try await realm.account(withIndex: index) else { return nil }
        let (secret, codes) = try await secondFactor(of: account, in: realm)
        let uri = TOTP(secret: secret).enrolmentURI(issuer: "Guichet", account: "\(realm.tenant):\(account.email)")
        return Enrolment(uri: uri, recoveryCodes: codes)
    }

    struct Enrolment {
        /// `otpauth://…`
        let uri: String
        /// None when the application was bound before: they were shown then.
        let recoveryCodes: [RecoveryCode]
    }

    private func secondFactor(of account: Account, in realm: Realm) async throws -> ([UInt8], [RecoveryCode]) {
        if let factor = account.secondFactor { return (factor.secret, []) }
        let (secret, codes) = (TOTP.newSecret(), RecoveryCode.set())
        let now = context.now()
        try await realm.data.batch(
            EnrolSecondFactor.bind(secret, lastStep: 0, codes, to: account.id, realm.vault) + [
                Audit.record(.enrolment, by: Actor(network: .console), on: account.id, at: now)
            ])
        return (secret, codes)
    }

    private func makeTenant() async throws {
        let (directory, now) = (context.directory, context.now())
        let profile = TenantProfile(
            id: .new(at: now), slug: .platform, name: "Guichet", address: "—", timeZone: "UTC", locale: "fr",
            phoneCountry: "FR", database: context.configuration.databases[0])
        do {
            try await directory.registry.transaction { transaction in
                try await createTenant.register(profile, nil, in: transaction, at: now)
            }
            context.announced()
        } catch let error as PostgresError where error.code == .conflict(constraint: "tenant_slug_is_free") {
            // It exists: this is not the first time.
        }
        try await directory.reload()
        if directory.unprepared.contains(.platform) { try await directory.prepare(.platform) }
    }
}
