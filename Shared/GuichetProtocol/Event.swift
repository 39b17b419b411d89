package import Primitives

/// Something that happened, as a service publishes it. It carries no more personal data than its readers need.
///
/// A compatible change adds optional members; any other change is a new version beside the old one. The documents are
/// written from the doc comments: the first sentence of the type says when the event is published, each property has a
/// sentence.
package protocol Event: Codable, Sendable {
    static var name: EventName { get }
    /// What all events of its kind carry; nil when the payload is its own.
    static var family: (any EventFamily.Type)? { get }
    /// The service that publishes the event, if every service publishes events of its type; otherwise nil.
    var speaker: TenantSlug? { get }
}

extension Event {
    package static var family: (any EventFamily.Type)? { nil }
    package var speaker: TenantSlug? { nil }
}

/// The name of an event on the wire. It is independent of the name of the Swift type, which may change.
package struct EventName: Hashable, Sendable {
    /// The publisher, for example `booking`.
    package let service: String
    /// The kind of aggregate, for example `appointment`.
    package let aggregate: String
    /// What happened, in the past tense, for example `confirmed`.
    package let verb: String
    /// Raised by an incompatible change.
    package let version: Int

    package init(_ service: String, _ aggregate: String, _ verb: String, version: Int) {
        self.service = service
        self.aggregate = aggregate
        self.verb = verb
        self.version = version
    }

    /// The CloudEvents type: `guichet.booking.appointment.confirmed.v1`.
    package var type: String { "guichet.\(service).\(aggregate).\(verb).v\(version)" }

    /// Whether every service publishes it: its payload then says which one did, as ``Event/speaker``.
    package var isOfEveryService: Bool { service == "platform" }

    /// The AMQP routing key: `<tenant>.<service>.<aggregate>.<verb>.v<N>.<shard>`.
    package func routingKey(tenant: TenantSlug, shard: Int) -> String {
        routingKey(tenant: "\(tenant)", shard: "\(shard)")
    }

    /// The same with placeholders, for documents.
    package func routingKey(tenant: String, shard: String) -> String {
        "\(tenant).\(service).\(aggregate).\(verb).v\(version).\(shard)"
    }
}

/// How the events of the suite are spread over queues, so that those of one aggregate stay in order.
package enum Shard {
    /// The number of queues of a service. Changing it reorders events that are on their way.
    package static let count = 4

    /// The shard of an aggregate: FNV-1a of its key, modulo ``count``; the same in every process and version.
    package static func of(_ key: String) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int(hash % UInt64(count))
    }
}
