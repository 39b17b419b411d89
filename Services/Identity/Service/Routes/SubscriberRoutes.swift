import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import Idempotency
import IdentityDomain
import Primitives
import ServiceHost

/// The subscribers of the caller's tenant.
@EventLoop
struct SubscriberRoutes {
    private static let id = PathVariable<SubscriberID>("id", "The subscriber.")

    let service: IdentityService

    var routes: [Route] {
        let (all, one): (PathTemplate, PathTemplate) = ("/api/subscribers", "/api/subscribers/\(Self.id)")
        return [
            Route(
                "createSubscriber", .post, all,
                "Creates a subscriber: an account at the broker that reads a queue with the events it selects.",
                access: .allow(.admin), idempotency: .required, sends: [.location], success: .created,
                problems: [.subscriberNameTaken, .subscribersExhausted, .sessionEnded], handler: create),
            Route(
                "listSubscribers", .get, all, "Lists the subscribers, oldest first.", access: .allow(.admin),
                handler: list),
            Route(
                "readSubscriber", .get, one, "Returns one subscriber and the state of its queue.",
                access: .allow(.admin), handler: show),
            Route(
                "replaceSubscriberPassword", .post, "\(one)/password",
                "Replaces the password; connections of the account end.", access: .allow(.admin),
                idempotency: .required, problems: [.sessionEnded], handler: replacePassword),
            Route(
                "replayForSubscriber", .post, "\(one)/replay",
                "Sends the kept events since an instant to the queue again, in their order; some may come twice.",
                access: .allow(.admin), idempotency: .required, success: .accepted,
                problems: [.tooManyRequests, .sessionEnded], handler: replay),
            Route(
                "removeSubscriber", .delete, one, "Removes the account, its queue and its connections.",
                access: .allow(.admin), problems: [.sessionEnded], handler: remove),
        ].tagged("Subscribers", "Systems outside the suite that receive events of the tenant.")
    }

    private func create(
        _ call: Call, _: NoQuery, _ body: SubscriberCreation
    ) async throws -> Reply<SubscriberPasswordView> {
        let made = try await service.createSubscriber(body.name, body.events, by: call.caller(), key: call.key())
        return Reply(made, location: "/api/subscribers/\(made.subscriber.id)").confidential
    }

    private func list(_ call: Call, _ query: PageQuery, _: NoBody) async throws -> Reply<Page<SubscriberView>> {
        let caller = try call.caller()
        let page = try await call.page(query, of: "subscribers", by: \.id) { after, count in
            try await service.readSubscribers(after: after, limit: count, by: caller)
        }
        return Reply(page).confidential
    }

    private func show(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<SubscriberView> {
        Reply(try await service.readSubscribers(call.path(Self.id), by: call.caller())).confidential
    }

    private func replacePassword(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<SubscriberPasswordView> {
        Reply(
            try await service.changeSubscriber.replacePassword(
                of: call.path(Self.id), by: call.caller(), key: call.key())
        ).confidential
    }

    private func replay(
        _ call: Call, _: NoQuery, _ body: SubscriberReplay
    ) async throws -> Reply<SubscriberReplayView> {
        Reply(
            try await service.changeSubscriber.replay(
                to: call.path(Self.id), from: body.from, by: call.caller(), key: call.key()))
    }

    private func remove(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<NoContent> {
        try await service.changeSubscriber.remove(call.path(Self.id), by: call.caller())
        return .empty
    }
}
