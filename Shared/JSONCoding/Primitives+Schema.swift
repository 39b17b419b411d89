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

extension LocalDay: SchemaDescribed {
    package static var schema: JSONSchema { .string(format: "date") }
    package static var sample: LocalDay { LocalDay(daysSinceEpoch: 0) }
}

extension MinuteOfDay: SchemaDescribed {
    package static var schema: JSONSchema { .string(pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$") }
    package static var sample: MinuteOfDay { .midnight }
}

extension EntityVersion: SchemaDescribed {
    package static var schema: JSONSchema { .integer() }
    package static var sample: EntityVersion { EntityVersion(generation: 1, number: 1) }
}
