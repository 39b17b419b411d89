import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import IdentityDomain
import Primitives
import ServiceHost

/// The users of the caller's tenant; those of other tenants do not exist here.
@EventLoop
struct UserRoutes {
    private static let access: Access = .allow(.superAdmin, .admin, .manager)

    let app: IdentityApp

    var routes: [Route] {
        [
            Route(
                .post, "/api/users", "Creates a user, with a role that the caller may give.", access: Self.access,
                idempotency: .required, success: .created,
                problems: [.roleNotGrantable, .emailTaken, .passwordRefused], handler: create),
            Route(
                .get, "/api/users", "Lists the users, oldest first.", access: Self.access, problems: [.invalidCursor],
                handler: list),
            Route(
                .get, "/api/users/{id}", "Shows one user.", access: Self.access, parameters: ["id": UserID.self],
                handler: show),
            Route(
                .patch, "/api/users/{id}", "Changes a user.", access: Self.access, parameters: ["id": UserID.self],
                problems: [
                    .roleNotGrantable, .ownAccount, .lastAdministrator, .passwordRefused, .preconditionFailed,
                    .preconditionRequired,
                ], handler: change),
            Route(
                .delete, "/api/users/{id}", "Shuts a user out, or forgets him; what he did keeps his id.",
                access: Self.access,
                parameters: ["id": UserID.self], problems: [.roleNotGrantable, .ownAccount, .lastAdministrator],
                handler: disable),
        ]
    }

    private func create(_ call: Call, _: NoQuery, _ body: UserCreation) async throws -> Reply<UserReply> {
        let draft = ManageUsers.Draft(email: body.email, name: body.name, role: body.role, password: body.password)
        let account = try await app.users.create(draft, call.key("POST /api/users"), by: call.caller())
        return Reply(
            UserReply(account), entityTag: EntityTag(version: account.version), location: "/api/users/\(account.id)")
    }

    private func list(_ call: Call, _ query: PageQuery, _: NoBody) async throws -> Reply<Page<UserReply>> {
        let (caller, limit) = (try call.caller(), query.limit ?? .standard)
        let purpose = "users \(caller.tenant)"
        let after: UserID? = try query.cursor.map { try app.cursors.key(from: $0, in: purpose) }
        let accounts = try await app.userDirectory.users(after: after, limit: limit.value + 1, by: caller)
        return Reply(
            try Page(accounts.map(UserReply.init), limit: limit) { try app.cursors.cursor(after: $0.id, in: purpose) }
        ).confidential
    }

    private func show(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<UserReply> {
        reply(try await app.userDirectory.user(call.path("id"), by: call.caller()))
    }

    private func change(_ call: Call, _: NoQuery, _ body: UserChange) async throws -> Reply<UserReply> {
        let changes = ManageUsers.Changes(
            name: body.name, role: body.role, isActive: body.active, password: body.password,
            resetsSecondFactor: body.resetSecondFactor ?? false)
        return reply(
            try await app.users.change(
                call.path("id"), changes, ifVersion: call.expectedVersion()?.version, by: call.caller()))
    }

    private func disable(_ call: Call, _ query: RemovalQuery, _: NoBody) async throws -> Reply<NoContent> {
        if query.erase == true {
            try await app.eraseUser(call.path("id"), by: call.caller())
            return .empty
        }
        _ = try await app.users.change(
            call.path("id"), ManageUsers.Changes(isActive: false), ifVersion: nil, by: call.caller())
        return .empty
    }

    private func reply(_ account: Account) -> Reply<UserReply> {
        Reply(UserReply(account), entityTag: EntityTag(version: account.version)).confidential
    }
}

struct UserCreation: Codable, Sendable {
    let email: EmailAddress
    let name: DisplayName
    let role: Role
    let password: String
}

struct RemovalQuery: Codable, Sendable {
    /// Name and address go too, for good.
    let erase: Bool?
}

/// What is absent stays as it is.
struct UserChange: Codable, Sendable {
    let name: DisplayName?
    let role: Role?
    let active: Bool?
    let password: String?
    let resetSecondFactor: Bool?
}

struct UserReply: Codable, Sendable {
    let id: UserID
    let email: EmailAddress
    let name: DisplayName
    let role: Role
    let active: Bool
    /// Whether an authenticator application is enrolled.
    let secondFactor: Bool
    let createdAt: Instant
    let updatedAt: Instant

    init(_ account: Account) {
        (id, email, name, role) = (account.id, account.email, account.name, account.role)
        (active, secondFactor) = (account.isActive, account.secondFactor != nil)
        (createdAt, updatedAt) = (account.createdAt, account.updatedAt)
    }
}

struct PageQuery: Codable, Sendable {
    let cursor: String?
    let limit: PageLimit?
}
