import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import Idempotency
import IdentityDomain
import Primitives
import ServiceHost

/// The users of the caller's tenant.
@EventLoop
struct UserRoutes {
    private static let access: Access = .allow(.superAdmin, .admin, .manager)

    let service: IdentityService

    var routes: [Route] {
        [
            Route(
                .post, "/api/users", "Creates a user with a role that the caller may grant.", access: Self.access,
                idempotency: .required, success: .created,
                problems: [.roleNotGrantable, .emailTaken, .passwordRefused], handler: create),
            Route(
                .get, "/api/users", "Lists the users, oldest first.", access: Self.access, problems: [.invalidCursor],
                handler: list),
            Route(
                .get, "/api/users/{id}", "Returns one user.", access: Self.access, parameters: ["id": UserID.self],
                handler: show),
            Route(
                .patch, "/api/users/{id}", "Changes a user.", access: Self.access, parameters: ["id": UserID.self],
                problems: [
                    .roleNotGrantable, .ownAccount, .lastAdministrator, .passwordRefused, .preconditionFailed,
                    .preconditionRequired,
                ], handler: change),
            Route(
                .delete, "/api/users/{id}", "Deactivates a user, or erases them; their actions keep the id.",
                access: Self.access,
                parameters: ["id": UserID.self], problems: [.roleNotGrantable, .ownAccount, .lastAdministrator],
                handler: remove),
        ]
    }

    private func create(_ call: Call, _: NoQuery, _ body: UserCreation) async throws -> Reply<UserView> {
        let user = try await service.createUser(body.draft, by: call.caller(), key: call.key("POST /api/users"))
        return reply(user, location: "/api/users/\(user.view.id)")
    }

    private func list(_ call: Call, _ query: PageQuery, _: NoBody) async throws -> Reply<Page<UserView>> {
        let (caller, limit, cursors) = (try call.caller(), query.limit ?? .standard, service.cursors)
        let purpose = "users \(caller.tenant)"
        let after: UserID? = try query.cursor.map { try cursors.key(from: $0, in: purpose) }
        let users = try await service.listUsers(after: after, limit: limit.value + 1, by: caller)
        return Reply(try Page(users, limit: limit) { try cursors.cursor(after: $0.id, in: purpose) }).confidential
    }

    private func show(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<UserView> {
        reply(try await service.readUser(call.path("id"), by: call.caller())).confidential
    }

    private func change(_ call: Call, _: NoQuery, _ body: UserChange) async throws -> Reply<UserView> {
        reply(
            try await service.changeUser(
                call.path("id"), body.changes, if: call.precondition(), by: call.caller())
        ).confidential
    }

    private func remove(_ call: Call, _ query: RemovalQuery, _: NoBody) async throws -> Reply<NoContent> {
        let (id, caller) = (try call.path("id", as: UserID.self), try call.caller())
        if query.erase == true {
            try await service.eraseUser(id, by: caller)
        } else {
            _ = try await service.changeUser(id, AccountChanges(isActive: false), if: .anyVersion, by: caller)
        }
        return .empty
    }

    private func reply(_ user: Versioned<UserView>, location: String? = nil) -> Reply<UserView> {
        Reply(user.view, entityTag: EntityTag(version: user.version), location: location)
    }
}
