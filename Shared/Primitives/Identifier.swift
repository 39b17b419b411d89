package import FoundationEssentials

/// A UUIDv7 (RFC 9562) that identifies one kind of thing; ids of different kinds are different types.
///
/// The textual form is the 36-character lower-case hyphenated one.
package struct Identifier<Kind>: Hashable, Sendable, Comparable, ShortText {
    /// The 128 bits.
    package let uuid: UUID

    /// Wraps an existing id.
    package init(_ uuid: UUID) { self.uuid = uuid }

    /// Reads the textual form; returns nil if it is not a UUID.
    package init?(_ text: some StringProtocol) {
        guard let uuid = UUID(text: text) else { return nil }
        self.uuid = uuid
    }

    /// A new id: 48 bits of Unix milliseconds, then random bits, so that ids sort by time of creation.
    package static func new(at instant: Instant = .now) -> Self { Self(UUID.version7(at: instant)) }

    package static var textLimit: Int { 36 }
    package func write(to writer: inout ASCIIWriter) { uuid.write(to: &writer) }

    /// Compares the bytes, as PostgreSQL does.
    package static func < (left: Self, right: Self) -> Bool { left.halves < right.halves }

    private var halves: (UInt64, UInt64) {
        withUnsafeBytes(of: uuid.uuid) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }
}

extension Identifier: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "identifiant UUID attendu")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension UUID {
    /// A UUIDv7 (RFC 9562 section 5.7) for the given instant.
    package static func version7(at instant: Instant) -> UUID {
        var random = SystemRandomNumberGenerator()
        let milliseconds = UInt64(max(0, instant.microseconds / 1000))
        let high = (milliseconds << 16) | 0x7000 | (random.next() & 0x0FFF)
        let low = (random.next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        func byte(_ value: UInt64, _ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: value >> (56 - 8 * index)) }
        return UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3),
                byte(high, 4), byte(high, 5), byte(high, 6), byte(high, 7),
                byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3),
                byte(low, 4), byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }
}
