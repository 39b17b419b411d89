package import FoundationEssentials
package import Primitives

extension Instant: SchemaDescribed {
    package static var schema: JSONSchema { .string(format: "date-time") }
    package static var sample: Instant { Instant(seconds: 0) }
}

extension Identifier: SchemaDescribed {
    package static var schema: JSONSchema { .string(format: "uuid") }
    package static var sample: Self { Self(.sample) }
}

extension UUID: SchemaDescribed {
    package static var schema: JSONSchema { .string(format: "uuid") }
    package static var sample: UUID { version7(at: Instant(seconds: 0)) }
}

extension TenantSlug: SchemaDescribed {
    package static var schema: JSONSchema {
        .string(pattern: "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", maxLength: maximumLength)
    }
    package static var sample: TenantSlug { .platform }
}
