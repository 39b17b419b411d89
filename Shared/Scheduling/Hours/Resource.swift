package import Primitives

/// A practitioner or a room, which can be in one appointment at a time.
package struct Resource: Hashable, Sendable {
    /// The raw value is stored and sent.
    package enum Kind: String, CaseIterable, Sendable { case practitioner, room }

    /// Unique among practitioners and rooms together.
    package let id: Identifier<Resource>
    /// Practitioner or room.
    package let kind: Kind
    /// The opening hours, on the clinic's clock.
    package let hours: OpeningHours

    /// A practitioner or a room, open at `hours`.
    package init(id: Identifier<Resource>, kind: Kind, hours: OpeningHours) {
        (self.id, self.kind, self.hours) = (id, kind, hours)
    }
}
