import Authentication
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy

/// Reads the users of the caller's tenant; every reading is written down in the same transaction.
@EventLoop
struct UserDirectory {
    let context: Dependencies

    /// Throws ``IdentityError/notFound``, for users of other tenants too.
    func user(_ id: UserID, by caller: Caller) async throws -> Account {
        let realm = try await Realm(of: caller.tenant, context)
        let now = context.now()
        let row = try await realm.data.transaction { transaction in
            let row = try await transaction.query("SELECT \(Account.columns) FROM users WHERE id = \(id)").first
            try await transaction.query(
                Audit.record(.usersRead, row == nil ? .refused : .granted, by: caller.actor, on: id, at: now))
            return row
        }
        guard let row else { throw IdentityError.notFound }
        return try Account(row, realm.vault)
    }

    /// The caller's own account. Throws ``IdentityError/sessionEnded`` once it is gone or shut out.
    func account(of caller: Caller) async throws -> Account {
        let realm = try await Realm(of: caller.tenant, context)
        let account = try await realm.account(caller.user).flatMap { $0.isActive ? $0 : nil }
        try await realm.data.query(
            Audit.record(
                .selfRead, account == nil ? .refused : .granted, by: caller.actor, on: caller.user, at: context.now()))
        guard let account else { throw IdentityError.sessionEnded }
        return account
    }

    /// At most `limit` users in the order of their creation, behind `id`.
    func users(after id: UserID?, limit: Int, by caller: Caller) async throws -> [Account] {
        let realm = try await Realm(of: caller.tenant, context)
        return try await realm.data.batch([
            """
            SELECT \(Account.columns) FROM users WHERE \(id)::uuid IS NULL OR id > \(id) ORDER BY id LIMIT \(limit)
            """,
            Audit.record(.usersRead, by: caller.actor, at: context.now()),
        ])[0].map { try Account($0, realm.vault) }
    }
}
