import GuichetProtocol
import Testing

@testable import IdentityDomain

@Suite("A selection of events")
struct EventSelectionTests {
    @Test("is one type, or all types of a kind of aggregate")
    func types() {
        #expect(
            EventSelection("guichet.booking.appointment.confirmed.v1")?.types.map(\.verb) == ["confirmed"])
        #expect(EventSelection("guichet.booking.appointment")?.types.count == 7)
        #expect(EventSelection("guichet.platform.tenant")?.types.map(\.verb) == ["restored"])
    }

    @Test(
        "is nothing else, and nothing that services say to each other",
        arguments: [
            "", "guichet", "guichet.booking", "guichet.booking.#", "guichet.booking.appointment.confirmed",
            "guichet.identity.signing-keys", "guichet.booking.report.made.v1", "guichet.platform.replay",
            "guichet.booking.appointment.", "booking.appointment",
        ])
    func refusals(text: String) {
        #expect(EventSelection(text) == nil)
    }

    @Test("of several has each once, and at least one")
    func several() throws {
        let (all, one) = (
            try #require(EventSelection("guichet.booking.appointment")),
            try #require(EventSelection("guichet.booking.appointment.held.v1"))
        )
        let selections = try #require(EventSelections([all, one, all]))
        #expect(selections.selections == [all, one] && selections.types.count == 7)
        #expect(EventSelections([]) == nil)
        #expect(EventSelections(Array(repeating: all, count: 21)) == nil)
        #expect(EventSelections(stored: ["guichet.gone.thing"]).types.isEmpty)
    }

    @Test(
        "a name of a subscriber is one word between dots",
        arguments: ["a", "portail-2", String(repeating: "a", count: 40)])
    func names(text: String) { #expect(SubscriberName(text)?.description == text) }

    @Test(
        "others are refused",
        arguments: ["", "A", "a.b", "a_b", "-a", "a-", "é", "a b", String(repeating: "a", count: 41)])
    func otherNames(text: String) { #expect(SubscriberName(text) == nil) }
}
