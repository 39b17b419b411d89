package import Primitives

/// The envelope of an event: CloudEvents 1.0 in structured JSON, with the extensions `tenantid`, `sequence`,
/// `partitionkey`, `correlationid`, `causationid`, `traceparent`, `generation` and `generationstart`.
package struct CloudEvent<Payload: Codable & Sendable>: Codable, Sendable {
    /// The version of the CloudEvents specification.
    package var specversion = "1.0"
    /// Unique; repeated deliveries of one event repeat it.
    package var id: EventID
    /// The publisher: `/guichet/booking`.
    package var source: String
    /// See ``EventName/type``.
    package var type: String
    /// The aggregate, `<aggregate>/<id>`.
    package var subject: String
    /// When it happened.
    package var time: Instant
    /// The media type of ``data``; there is one.
    package var datacontenttype = "application/json"
    /// Whose event it is.
    package var tenantid: TenantSlug
    /// The aggregate's version after the event: gapless from 1, as 20 digits so that text sorts like numbers.
    package var sequence: String
    /// What the shard is computed from.
    package var partitionkey: String
    /// Shared by everything that one request set off.
    package var correlationid: String
    /// The event that caused this one.
    package var causationid: String?
    /// The trace of the origin (W3C Trace Context).
    package var traceparent: String?
    /// The generation of the publisher's versions: a restore of its data begins a new one. Absent in the first.
    package var generation: Int?
    /// The version with which the aggregate's events of this generation begin. Absent in the first.
    package var generationstart: Int?
    /// What happened.
    package var data: Payload

    /// The aggregate's version after the event, zero when `sequence` is no number.
    package var version: Int { Int(sequence) ?? 0 }

    /// - Parameters:
    ///   - aggregate: the id of the aggregate.
    ///   - version: the aggregate's version after the event, from 1.
    package init(
        id: EventID, name: EventName, aggregate: String, version: Int, tenant: TenantSlug, time: Instant,
        correlation: String, causation: String? = nil, traceparent: String? = nil, data: Payload
    ) {
        self.id = id
        source = "/guichet/\(name.service)"
        type = name.type
        subject = "\(name.aggregate)/\(aggregate)"
        self.time = time
        tenantid = tenant
        let digits = String(version)
        sequence = String(repeating: "0", count: max(0, 20 - digits.count)) + digits
        partitionkey = aggregate
        correlationid = correlation
        causationid = causation
        self.traceparent = traceparent
        self.data = data
    }
}

/// An envelope whose payload is not read.
package typealias EventAttributes = CloudEvent<Unread>

extension CloudEvent {
    /// The same envelope, its payload left unread.
    package var attributes: EventAttributes {
        var attributes = EventAttributes(
            id: id, name: EventName("", "", "", version: 1), aggregate: partitionkey, version: version,
            tenant: tenantid, time: time, correlation: correlationid, causation: causationid, traceparent: traceparent,
            data: Unread())
        (attributes.source, attributes.type, attributes.subject) = (source, type, subject)
        (attributes.generation, attributes.generationstart) = (generation, generationstart)
        return attributes
    }
}

/// Stands for a payload that stays unread.
package struct Unread: Codable, Sendable {
    package init() {}
    package init(from decoder: any Decoder) throws {}
}
