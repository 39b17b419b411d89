/// `Tests/DocumentationTests` checks what the catalogue and the examples say; these check that none is missing.
extension Check {
    static let eventExamples = Check(
        rule: "Every event has an example",
        find: { tree in
            events(in: tree).filter { !tree.contains(fixture(of: $0.type)) }.map {
                $0.file.finding("\($0.type) has no example: write \(fixture(of: $0.type))")
            }
        },
        breaches: [
            Tree(["Shared/GuichetProtocol/Booking/Events.swift": held]),
            Tree([
                "Shared/GuichetProtocol/Booking/Events.swift": held, fixture(of: "guichet.booking.slot.held.v2"): "{}",
            ]),
        ],
        observances: [whole()])

    static let eventCatalogue = Check(
        rule: "Every event is in the catalogue of its publisher",
        find: { tree in
            events(in: tree).compactMap { event in
                let catalogue = tree.swift(in: event.file.folders.joined(separator: "/")).filter {
                    !$0.code.positions(of: "extension EventCatalog").isEmpty
                }
                let isListed = catalogue.contains { !$0.code.positions(of: "\(event.swiftName).self").isEmpty }
                guard !isListed else { return nil }
                return event.file.finding("\(event.type) is not in the EventCatalog of its folder: add PublishedEvent")
            }
        },
        breaches: [
            Tree(["Shared/GuichetProtocol/Booking/Events.swift": held]),
            Tree([
                "Shared/GuichetProtocol/Booking/Events.swift": held,
                "Shared/GuichetProtocol/Booking/Catalog.swift":
                    "extension EventCatalog {} // PublishedEvent(SlotHeld.self)",
            ]),
            Tree([
                "Shared/GuichetProtocol/Booking/Events.swift": held,
                "Shared/GuichetProtocol/Queue/Catalog.swift": catalogue,
            ]),
        ],
        observances: [whole()])

    private static let held = """
        package struct SlotHeld: Event {
            package static let name = EventName("booking", "slot", "held", version: 1)
        }
        """

    private static let catalogue =
        "extension EventCatalog {\n    static let booking = [PublishedEvent(SlotHeld.self)]\n}"

    /// An event with its example and its entry.
    private static func whole() -> Tree {
        Tree([
            "Shared/GuichetProtocol/Booking/Events.swift": held, fixture(of: "guichet.booking.slot.held.v1"): "{}",
            "Shared/GuichetProtocol/Booking/Catalog.swift": catalogue,
        ])
    }
}

/// An event that the protocol declares.
private struct DeclaredEvent {
    let swiftName: String
    let type: String
    let file: SourceFile
}

private func events(in tree: Tree) -> [DeclaredEvent] {
    let name = /EventName\(\s*"([a-z-]+)", "([a-z-]+)", "([a-z-]+)", version: (\d+)\)/
    return tree.swift(in: "Shared/GuichetProtocol").flatMap { file in
        file.text.matches(of: name).map { match in
            let structs = file.text[..<match.range.lowerBound].matches(of: /struct (\w+)/)
            return DeclaredEvent(
                swiftName: structs.last.map { String($0.1) } ?? "",
                type: "guichet.\(match.1).\(match.2).\(match.3).v\(match.4)", file: file)
        }
    }
}

private func fixture(of type: String) -> String { "Tests/GuichetProtocolTests/Fixtures/\(type).json" }
