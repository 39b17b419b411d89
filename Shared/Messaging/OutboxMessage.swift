import AMQP
import FoundationEssentials
import GuichetProtocol
import Postgres

/// A row of the outbox as the message that leaves.
struct OutboxMessage {
    /// The columns that it is made of.
    static let columns: SQL = """
        position, aggregate, version, routing_key, body, headers, generation, CASE WHEN generation > 1 THEN (
            SELECT starts.version FROM generation_starts AS starts
            WHERE starts.aggregate = outbox.aggregate AND starts.generation = outbox.generation
        ) END AS generation_start
        """

    let position: Int
    let aggregate: String
    var outgoing: OutgoingMessage

    init(_ row: Row) throws {
        position = try row.get("position")
        aggregate = try row.get("aggregate")
        var body = Array(try row.get("body", as: String.self).utf8)
        // Rows that a release without the column `headers` has written are decoded.
        let headers =
            try row.find("headers").flatMap(EventHeaders.init(stored:))
            ?? EventHeaders(of: try JSONDecoder().decode(EventAttributes.self, from: Data(body)))
        var message = headers.message
        let generation: Int = try row.get("generation")
        if generation > 1 {
            let start: Int = try row.find("generation_start") ?? row.get("version")
            message["cloudEvents_generation"] = String(generation)
            message["cloudEvents_generationstart"] = String(start)
            let attributes = #"{"generation":\#(generation),"generationstart":\#(start),"#
            body.replaceSubrange(0...0, with: attributes.utf8)
        }
        outgoing = OutgoingMessage(
            exchange: EventRouting.exchange, routingKey: try row.get("routing_key"), body: body,
            contentType: EventRouting.contentType, messageID: headers.id, type: headers.type, timestamp: headers.time,
            headers: message)
    }
}
