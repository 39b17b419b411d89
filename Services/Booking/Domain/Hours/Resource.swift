package import Primitives

/// Something that an appointment takes and that can be in one appointment at a time.
package struct Resource: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable { case practitioner, room }

    package let id: Identifier<Resource>
    package let kind: Kind
    package let hours: OpeningHours

    /// A practitioner or a room, open at `hours`.
    package init(id: Identifier<Resource>, kind: Kind, hours: OpeningHours) {
        (self.id, self.kind, self.hours) = (id, kind, hours)
    }
}
