package import Primitives

/// Something that happened, as a service tells the others. It carries no more personal data than its readers need.
///
/// A compatible change adds optional members; anything else is a new version beside the old one.
package protocol Event: Codable, Sendable {
    static var name: EventName { get }
}

/// The name of an event on the wire. It never follows the name of the Swift type, which may change.
package struct EventName: Hashable, Sendable {
    /// Who publishes it, for example `booking`.
    package let service: String
    /// What it is about, for example `appointment`.
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

    /// The AMQP routing key: `<tenant>.<service>.<aggregate>.<verb>.v<N>.<shard>`.
    package func routingKey(tenant: TenantSlug, shard: Int) -> String {
        "\(tenant).\(service).\(aggregate).\(verb).v\(version).\(shard)"
    }
}

/// How the events of the suite are spread over queues, so that those of one aggregate stay in order.
package enum Shard {
    /// Queues per service. Changing it reorders events that are on their way.
    package static let count = 4

    /// The shard of an aggregate: FNV-1a of its key, modulo ``count``; the same in every process and version.
    package static func of(_ key: String) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int(hash % UInt64(count))
    }
}
