import Authentication
import Cryptography
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives

/// A sample of each statement of Identity. A test has PostgreSQL plan them.
@EventLoop
enum IdentityQueries {
    private static let now = Instant(seconds: 1_800_000_000)
    private static let (user, session, tenant) = (UserID.new(), SessionID.new(), TenantID.new())
    private static let subscriber = SubscriberID.new()
    private static let token = OpaqueToken(for: .platform)

    private static let caller = Caller(
        Principal(userID: user, tenant: .platform, role: .staff, sessionID: session, expiresAt: now), network: .console)

    /// Of the registry.
    static func registry(_ keyRing: KeyRing, _ user: NewUser) -> [SQL] {
        let queries: [SQL?] = [
            TenantRegistration.insert(profile, at: now).statement, TenantRegistration.announceAll.statement,
            TenantRegistration.change(tenant, name: nil, locale: nil, allowedOrigins: nil, at: now).statement,
            TenantRegistration.named(.id(tenant)).statement,
            TenantRegistration.locked(.slug(.platform)).statement,
            TenantRegistration.page(after: nil, limit: 2).statement,
            TenantRegistration.close(tenant, since: now, at: now).statement, RemovedTenant.announceAll.statement,
            RemovedTenant.remove(tenant, at: now).statement,
            RemovedTenant.last(named: .platform).statement, RemovedTenant.unfinished.statement,
            TenantRegistration.open(among: [.platform]).statement,
            TenantReadiness.services(of: .slug(.platform)).statement, TimeZones.contain("UTC").statement,
            SigningKeySet.version.statement, SigningKeySet.lock.statement, SigningKeySet.nextVersion.statement,
            SigningKeySet.keys(keyRing).statement, FirstAdministrators.all.statement,
            LoginAttempts.count(on: [1], from: [2], at: now).statement, UnknownTenants.query.statement,
        ]
        return queries.compactMap { $0 } + [
            TenantReadiness.record("booking", isReadyFor: .platform, tenant, since: now),
            TenantReadiness.remove("booking", of: tenant),
            FirstAdministrators.reserve(user, in: .platform), FirstAdministrators.remove(of: .platform),
            SigningKeySet.removeExpired(at: now), SigningKeySet.expire(at: now),
            SigningKeySet.insert(.generate(), activeAt: now, keyRing, at: now), LoginAttempts.removeExpired(at: now),
            Audit.recordOnPlatform(.keysRotate, by: .operatorOnConsole, at: now),
        ]
    }

    /// Of a tenant's schema.
    static func tenant(_ realm: Realm, _ account: Account, _ newUser: NewUser) -> [SQL] {
        let (vault, index) = (realm.vault, realm.vault.index(of: account.email))
        let queries: [SQL?] = [
            realm.account(user).statement, realm.account(withIndex: index).statement,
            realm.accounts(after: nil, limit: 2).statement, realm.lockedAccount(user).statement,
            realm.isUnchanged(account).statement, realm.hasOtherAdministrator(than: account).statement,
            LoginAttempts.count(on: index, from: index, at: now).statement,
            KnownNetworks.contain(index, ofUserWithIndex: index).statement,
            SecondFactors.use(step: 1, of: user).statement,
            SecondFactors.use(RecoveryCode(), of: user, vault, at: now).statement,
            EnrolmentTickets.present(token, vault, at: now).statement, EnrolmentTickets.use(token).statement,
            Standing.lock(user, .role(.staff)).statement,
            Standing.holds(user, .role(.staff), session: session, at: now).statement,
            Sessions.end(session, at: now).statement, Sessions.endAll(of: user, at: now).statement,
            Sessions.endAll(at: now).statement,
            Sessions.lock(token).statement, Sessions.state(of: token, vault).statement,
            Sessions.session(of: token, userWithIndex: index).statement,
            Audit.page(before: nil, limit: 2).statement, Subscribers.lock.statement, Subscribers.count.statement,
            Subscribers.setPassword("", of: subscriber, at: now).statement,
            Subscribers.remove(subscriber, at: now).statement, Subscribers.one(subscriber).statement,
            Subscribers.page(after: subscriber, limit: 2).statement,
            Subscribers.beginReplay(of: subscriber, at: now, notAfter: now).statement,
        ]
        return queries.compactMap { $0 }
            + [
                Realm.lockAccounts, newUser.insertOnce(at: now),
                realm.change(account, AccountChanges(isActive: false), passwordHash: nil, at: now),
                realm.replaceIdentity(of: user, account.email, account.name, passwordHash: "", at: now),
                realm.setPassword("", of: user, at: now), LoginAttempts.lock(index, from: index, until: now),
                KnownNetworks.remove(of: user), Sessions.remove(of: user), Sessions.removeAnnouncements(of: user),
                Sessions.insert(session, of: user, from: now, until: now),
                Sessions.insert(token, number: 1, of: session), Sessions.use(token, at: now),
                Audit.record(.login, by: .operatorOnConsole, at: now),
                Audit.recordUseOfEndedSession(by: caller, on: "", at: now),
                Subscribers.wanted(in: ["identity_guichet"]),
                Subscribers.startCollecting([subscriber.description], at: now),
                Subscribers.delete([subscriber.description]),
            ] + SecondFactors.bind([1], lastStep: 0, [RecoveryCode()], to: user, vault)
            + SecondFactors.remove(of: user) + EnrolmentTickets.replace(token, [1], of: user, vault, until: now)
            + Expiry.remove(at: now) + KnownNetworks.record(index, of: user, at: now)
            + LoginAttempts.clear(index, from: index) + LoginAttempts.clear(index)
    }

    /// Of service accounts, in a tenant's schema.
    static var serviceAccounts: [SQL] {
        let secret = SecretID.new()
        let changes = ServiceAccountChanges(name: nil, scopes: [.slotsRead], isActive: false, expiry: .at(now))
        let queries: [SQL?] = [
            ServiceAccounts.count.statement, ServiceAccounts.account(user).statement,
            ServiceAccounts.locked(user).statement, ServiceAccounts.page(after: nil, limit: 2).statement,
            ServiceAccountSecrets.all(of: [user]).statement,
            ServiceAccounts.lockForGrant(user).statement, ServiceAccountSecrets.present(token, of: user).statement,
            Standing.lock(user, .scopes([])).statement,
            Standing.holds(user, .scopes([.slotsRead]), session: session, at: now).statement,
            ServiceAccountSecrets.sessions(of: user, secret).statement,
            ServiceAccountSecrets.endSessions(at: now).statement,
        ]
        let draft = ServiceAccountDraft(name: DisplayName(stored: "Site"), scopes: [], expiresAt: nil)
        return queries.compactMap { $0 } + [
            ServiceAccounts.lock, ServiceAccounts.insert(draft, id: user, at: now),
            ServiceAccounts.change(user, changes, at: now), ServiceAccounts.remove(user),
            ServiceAccountSecrets.insert(token, id: secret, of: user, until: now, at: now),
            ServiceAccountSecrets.removeExpired(of: user, at: now),
            ServiceAccountSecrets.use(secret, at: now), ServiceAccountSecrets.renewSessions(of: user),
            ServiceAccountSecrets.remove(secret, of: user),
        ]
    }

    private static let profile = TenantProfile(
        id: tenant, slug: .platform, name: "", address: "", timeZone: "UTC", locale: "fr", phoneCountry: "FR",
        database: "main")
}
