import JSONCoding
import Primitives
import Testing

private enum Booking {}
private enum Channel: String, Codable, CaseIterable { case web, phone }

private struct Line: Codable {
    let count: UInt8
    let note: String?
}

private struct Order: Codable {
    let id: Identifier<Booking>
    let at: Instant
    let tenant: TenantSlug
    let channel: Channel
    let lines: [Line]
    let prices: [String: Int]
    let paid: Bool
    let ratio: Double?
    let previous: Channel?
}

private struct Box<Value: Codable>: Codable { let value: Value }

@Suite("Deriving JSON Schema from Codable types")
struct SchemaTests {
    @Test("an object is named, with its fields, what is required and nothing else allowed")
    func object() {
        let catalog = SchemaCatalog()
        #expect(catalog.schema(of: Order.self) == .reference("Order"))
        #expect(
            catalog.components["Order"]
                == .object(
                    properties: [
                        "id": .string(format: "uuid"),
                        "at": .string(format: "date-time"),
                        "tenant": TenantSlug.schema,
                        "channel": .reference("Channel"),
                        "lines": .array(of: .reference("Line")),
                        "prices": .map(of: .integer()),
                        "paid": .boolean,
                        "ratio": .nullable(.number),
                        "previous": .nullable(.reference("Channel")),
                    ], required: ["id", "at", "tenant", "channel", "lines", "prices", "paid"]))
        #expect(
            catalog.components["Line"]
                == .object(
                    properties: ["count": .integer(minimum: 0, maximum: 255), "note": .nullable(.string())],
                    required: ["count"]))
        #expect(catalog.components["Channel"] == .enumeration(["web", "phone"]))
    }

    @Test("a generic type gets a name that a reference may hold")
    func generics() {
        let catalog = SchemaCatalog()
        #expect(catalog.schema(of: Box<Line>.self) == .reference("BoxOfLine"))
        #expect(
            catalog.components["BoxOfLine"] == .object(properties: ["value": .reference("Line")], required: ["value"]))
    }

    @Test("a query's fields are listed with what is required, without null")
    func fields() {
        let fields = SchemaCatalog().fields(of: Line.self)
        #expect(fields.map(\.name) == ["count", "note"])
        #expect(fields.map(\.isRequired) == [true, false])
        #expect(fields.map(\.schema) == [.integer(minimum: 0, maximum: 255), .string()])
    }

    @Test("schemas are written in the words of JSON Schema 2020-12")
    func encoding() throws {
        let schema = JSONSchema.object(
            properties: ["a": .nullable(.integer(minimum: 1)), "b": .array(of: .reference("B"), maxItems: 3)],
            required: ["b"])
        #expect(
            try JSONOutput.text(schema)
                == #"{"additionalProperties":false,"properties":{"a":{"anyOf":[{"minimum":1,"type":"integer"},{"type":"null"}]},"#
                + ##""b":{"items":{"$ref":"#/components/schemas/B"},"maxItems":3,"type":"array"}},"required":["b"],"type":"object"}"##
        )
    }
}
