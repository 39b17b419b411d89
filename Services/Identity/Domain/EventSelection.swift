package import GuichetProtocol

/// A part of a tenant's events that a subscriber receives: one type, as `guichet.booking.appointment.confirmed.v1`, or all
/// types of a kind of aggregate, as `guichet.booking.appointment`.
package struct EventSelection: Hashable, Sendable, CustomStringConvertible {
    /// The longest text.
    package static let maximumLength = 100

    package let description: String

    /// Returns nil unless `text` selects events that subscribers may receive.
    package init?(_ text: String) {
        self.init(stored: text)
        if types.isEmpty { return nil }
    }

    /// A selection that was accepted when it was stored. It is empty if no event of the catalogue has its name any more.
    package init(stored text: String) { description = text }

    /// The types of events in the catalogue that it selects.
    package var types: [EventName] { Self.events.filter { $0.type == description || $0.kind == description } }

    /// The events that subscribers may receive.
    private static let events = EventCatalog.all.filter(\.isForSubscribers).map(\.name)
}

extension EventName {
    /// The kind of aggregate: `guichet.booking.appointment`.
    fileprivate var kind: String { "guichet.\(service).\(aggregate)" }
}

/// All events that a subscriber receives.
package struct EventSelections: Hashable, Sendable {
    /// The most selections of one subscriber.
    package static let maximumCount = 20

    /// Each once, in the order in which they were given.
    package let selections: [EventSelection]

    /// Returns nil if there are none or too many.
    package init?(_ selections: [EventSelection]) {
        guard !selections.isEmpty, selections.count <= Self.maximumCount else { return nil }
        self.selections = selections.enumerated().filter { !selections[..<$0.offset].contains($0.element) }
            .map(\.element)
    }

    /// Selections that were accepted when they were stored.
    package init(stored texts: [String]) { selections = texts.map(EventSelection.init(stored:)) }

    /// The selections as text.
    package var texts: [String] { selections.map(\.description) }

    /// The types of events that any of them selects.
    package var types: [EventName] {
        let types = selections.flatMap(\.types)
        return types.enumerated().filter { !types[..<$0.offset].contains($0.element) }.map(\.element)
    }
}
