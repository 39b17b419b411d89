import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import Idempotency
import IdentityDomain
import Primitives
import ServiceHost

/// The service accounts of the caller's tenant.
@EventLoop
struct ServiceAccountRoutes {
    private static let id = PathVariable<UserID>("id", "The service account.")
    private static let secret = PathVariable<SecretID>("secret", "The id of the secret.")

    let service: IdentityService

    var routes: [Route] {
        let (all, one): (PathTemplate, PathTemplate) = ("/api/service-accounts", "/api/service-accounts/\(Self.id)")
        return [
            Route(
                "createServiceAccount", .post, all, "Creates a service account, which has no secret yet.",
                access: .allow(.admin), idempotency: .required, sends: [.entityTag, .location], success: .created,
                problems: [.nameTaken, .serviceAccountsExhausted], handler: create),
            Route(
                "listServiceAccounts", .get, all, "Lists the service accounts, oldest first.", access: .allow(.admin),
                handler: list),
            Route(
                "readServiceAccount", .get, one, "Returns one service account and when it was last used.",
                access: .allow(.admin), sends: [.entityTag], handler: show),
            Route(
                "changeServiceAccount", .patch, one,
                "Changes a service account. Its tokens are refused if the change withdraws what they permit.",
                access: .allow(.admin), ifMatch: .required, sends: [.entityTag], problems: [.nameTaken],
                current: { try await show($0, NoQuery(), NoBody()) }, handler: change),
            Route(
                "removeServiceAccount", .delete, one,
                "Removes a service account and its secrets; its tokens are refused.", access: .allow(.admin),
                handler: remove),
            Route(
                "createServiceAccountSecret", .post, "\(one)/secrets",
                "Makes a secret, which is shown only in this answer. Two are valid at once. Sent again, it makes another.",
                access: .allow(.admin), success: .created, problems: [.secretsExhausted], handler: addSecret),
            Route(
                "removeServiceAccountSecret", .delete, "\(one)/secrets/\(Self.secret)",
                "Removes a secret; its tokens are refused.", access: .allow(.admin), handler: removeSecret),
        ].tagged("Service accounts", "Programs that call the API by themselves.")
    }

    private func create(
        _ call: Call, _: NoQuery, _ body: ServiceAccountCreation
    ) async throws -> Reply<ServiceAccountView> {
        let account = try await service.createServiceAccount(body.draft, by: call.caller(), key: call.key())
        return reply(account, location: "/api/service-accounts/\(account.view.id)")
    }

    private func list(_ call: Call, _ query: PageQuery, _: NoBody) async throws -> Reply<Page<ServiceAccountView>> {
        let caller = try call.caller()
        let page = try await call.page(query, of: "service accounts", by: \.id) { after, count in
            try await service.readServiceAccounts(after: after, limit: count, by: caller)
        }
        return Reply(page).confidential
    }

    private func show(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<ServiceAccountView> {
        reply(try await service.readServiceAccounts(call.path(Self.id), by: call.caller()))
    }

    private func change(
        _ call: Call, _: NoQuery, _ body: ServiceAccountChange
    ) async throws -> Reply<ServiceAccountView> {
        reply(
            try await service.changeServiceAccount(
                call.path(Self.id), body.changes, if: call.precondition(), by: call.caller()))
    }

    private func remove(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<NoContent> {
        try await service.changeServiceAccount.remove(call.path(Self.id), by: call.caller())
        return .empty
    }

    private func addSecret(
        _ call: Call, _: NoQuery, _ body: ServiceAccountSecretCreation
    ) async throws -> Reply<NewSecretView> {
        Reply(
            try await service.rotateSecret(of: call.path(Self.id), until: body.expiresAt, by: call.caller())
        ).confidential
    }

    private func removeSecret(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<NoContent> {
        try await service.rotateSecret.remove(call.path(Self.secret), of: call.path(Self.id), by: call.caller())
        return .empty
    }

    private func reply(_ account: Versioned<ServiceAccountView>, location: String? = nil) -> Reply<ServiceAccountView> {
        Reply(account.view, entityTag: EntityTag(version: account.version), location: location).confidential
    }
}
