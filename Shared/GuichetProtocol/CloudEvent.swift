package import Primitives

/// The envelope of an event: CloudEvents 1.0 in structured JSON, with the extensions `tenantid`, `sequence`,
/// `partitionkey`, `correlationid`, `causationid`, `traceparent`, `generation` and `generationstart`. Readers ignore
/// members that they do not know.
package struct CloudEvent<Payload: Codable & Sendable>: Codable, Sendable {
    /// The version of the CloudEvents specification.
    package var specversion = "1.0"
    /// The id of the event, the same in every delivery of it.
    package var id: EventID
    /// The publisher, `/guichet/<service>`.
    package var source: String
    /// The type, `guichet.<service>.<aggregate>.<verb>.v<version>`.
    package var type: String
    /// The aggregate, `<aggregate>/<id>`.
    package var subject: String
    /// When the event happened.
    package var time: Instant
    /// The media type of `data`.
    package var datacontenttype = "application/json"
    /// The tenant that the event belongs to; `guichet` for events of the installation itself.
    package var tenantid: TenantSlug
    /// The version of the aggregate after the event, as 20 digits, so that text sorts like numbers.
    package var sequence: String
    /// The id of the aggregate, from which the shard is computed.
    package var partitionkey: String
    /// The same in all events that one request caused: the trace id of the request, or the id of the first event.
    package var correlationid: String
    /// The id of the event that caused this one; absent when a request or a job caused it.
    package var causationid: String?
    /// The trace of the request or job that caused the event ([W3C Trace
    /// Context](https://www.w3.org/TR/trace-context/)); absent when there was none.
    package var traceparent: String?
    /// The generation of the publisher's versions: a restore of its data begins a new one. Absent in the first.
    package var generation: Int?
    /// The version with which the aggregate's events of this generation begin. Absent in the first.
    package var generationstart: Int?
    /// The payload.
    package var data: Payload

    /// The version of the aggregate after the event; 0 when `sequence` is not a number.
    package var version: Int { Int(sequence) ?? 0 }

    /// - Parameters:
    ///   - aggregate: the id of the aggregate.
    ///   - version: the version of the aggregate after the event, from 1.
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

/// An envelope without its payload.
package typealias EventAttributes = CloudEvent<Unread>

extension CloudEvent: WireRules {
    package static var rules: [String: WireRule] {
        [
            "specversion": .constant("1.0"), "datacontenttype": .constant("application/json"),
            "sequence": .pattern("^[0-9]{20}$"), "causationid": .id,
            "traceparent": .pattern("^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"),
        ]
    }
}

extension CloudEvent {
    /// The same envelope without its payload.
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

/// Stands for a payload that is not decoded.
package struct Unread: Codable, Sendable {
    package init() {}
    package init(from decoder: any Decoder) throws {}
}
