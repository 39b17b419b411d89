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
    private static let id = PathVariable<UserID>("id", "The user.")

    let service: IdentityService

    var routes: [Route] {
        [
            Route(
                "createUser", .post, "/api/users", "Creates a user with a role that the caller may grant.",
                access: Self.access,
                idempotency: .required, sends: [.entityTag, .location], success: .created,
                problems: [.roleNotGrantable, .emailTaken, .passwordRefused, .sessionEnded], handler: create),
            Route(
                "listUsers", .get, "/api/users", "Lists the users, oldest first.", access: Self.access, handler: list),
            Route(
                "readUser", .get, "/api/users/\(Self.id)", "Returns one user.", access: Self.access,
                sends: [.entityTag], handler: show),
            Route(
                "changeUser", .patch, "/api/users/\(Self.id)", "Changes a user.", access: Self.access,
                ifMatch: .required,
                sends: [.entityTag],
                problems: [.roleNotGrantable, .ownAccount, .lastAdministrator, .passwordRefused, .sessionEnded],
                current: { try await show($0, NoQuery(), NoBody()) }, handler: change),
            Route(
                "removeUser", .delete, "/api/users/\(Self.id)",
                "Deactivates a user, or erases them; their actions keep the id.",
                access: Self.access,
                problems: [.roleNotGrantable, .ownAccount, .lastAdministrator, .sessionEnded], handler: remove),
        ].tagged("Users", "The users of a tenant.")
    }

    private func create(_ call: Call, _: NoQuery, _ body: UserCreation) async throws -> Reply<UserView> {
        let user = try await service.createUser(body.draft, by: call.caller(), key: call.key())
        return reply(user, location: "/api/users/\(user.view.id)")
    }

    private func list(_ call: Call, _ query: PageQuery, _: NoBody) async throws -> Reply<Page<UserView>> {
        let caller = try call.caller()
        let page = try await call.page(query, of: "users", by: \.id) { after, count in
            try await service.listUsers(after: after, limit: count, by: caller)
        }
        return Reply(page).confidential
    }

    private func show(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<UserView> {
        reply(try await service.readUser(call.path(Self.id), by: call.caller())).confidential
    }

    private func change(_ call: Call, _: NoQuery, _ body: UserChange) async throws -> Reply<UserView> {
        reply(
            try await service.changeUser(
                call.path(Self.id), body.changes, if: call.precondition(), by: call.caller())
        ).confidential
    }

    private func remove(_ call: Call, _ query: RemovalQuery, _: NoBody) async throws -> Reply<NoContent> {
        let (id, caller) = (try call.path(Self.id), try call.caller())
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
