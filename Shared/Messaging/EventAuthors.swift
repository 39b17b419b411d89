import AMQP
import GuichetProtocol
import Primitives

/// Decides which account of the broker published an event, and whether that is the account of the service that the event
/// names as its publisher.
///
/// RabbitMQ refuses a message whose `user_id` is not the name of the account that publishes it, so `user_id` proves the
/// author. A service that publishes a received event again, to defer, park or replay it, is then the account in `user_id`;
/// it keeps the first author in the header `x-guichet-author`, which is only read from messages of its own.
package struct EventAuthors: Sendable {
    /// The account that the service itself connects with.
    let account: String
    private let accounts: [String: String]
    private let sharedAccount: String?
    private let acceptsUnnamed: Bool

    /// - Parameters:
    ///   - account: the account that the service itself connects with.
    ///   - accounts: the accounts of services whose account is not called as the service is. The entry `*` is for all
    ///     services that have no entry of their own.
    ///   - acceptsUnnamed: whether messages without a `user_id` are accepted, as earlier releases published them.
    package init(account: String, accounts: [String: String] = [:], acceptsUnnamed: Bool = false) {
        (self.account, self.accounts, self.acceptsUnnamed) = (account, accounts, acceptsUnnamed)
        sharedAccount = accounts["*"]
    }

    /// Throws ``MalformedEvent`` unless the account of the service in the type of `event` published the delivery.
    ///
    /// - Parameter speaker: the service that publishes the event, for events that every service publishes; nil if it is the
    ///   one in the type.
    func check(_ event: EventAttributes, of delivery: Delivery, speaker: TenantSlug?) throws(MalformedEvent) {
        guard let publisher = AggregateName(of: event)?.service, event.source == "/guichet/\(publisher)" else {
            throw MalformedEvent(reason: "\(event.source) publishes no events of type \(event.type)")
        }
        let service = speaker?.description ?? publisher
        let author = author(of: delivery)
        if author.isEmpty && acceptsUnnamed { return }
        guard author == accounts[service] ?? sharedAccount ?? service else {
            let found = author.isEmpty ? "an unknown account" : "the account \(author)"
            throw MalformedEvent(reason: "the author is not \(service): \(found) published the event")
        }
    }

    /// The account that published the message first; empty if it is unknown.
    func author(of delivery: Delivery) -> String {
        guard delivery.userID == account else { return delivery.userID }
        return delivery.headers[EventRouting.authorHeader] ?? account
    }

    /// The account of the service itself or of the publisher of an event that was accepted before.
    func account(of event: EventAttributes) -> String {
        let service = AggregateName(of: event)?.service ?? ""
        return accounts[service] ?? sharedAccount ?? service
    }
}
