private let list = "docs/events.md"

/// That the documents of an event are right is for the tests of documentation; that nobody forgets one is for these.
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

    static let eventRows = Check(
        rule: "Every event has a row in the list of events",
        find: { tree in
            let lines = tree.files.first { $0.path == list }?.lines ?? []
            return events(in: tree).filter { event in !lines.contains { $0.hasPrefix("| `\(event.type)` ([example](") }
            }
            .map { $0.file.finding("\($0.type) has no row in \(list): say when it happens and who hears it") }
        },
        breaches: [
            Tree(["Shared/GuichetProtocol/Booking/Events.swift": held]),
            Tree(["Shared/GuichetProtocol/Booking/Events.swift": held, list: "See `guichet.booking.slot.held.v1`."]),
        ],
        observances: [whole()])

    static let eventConsumers = Check(
        rule: "Every event is heard by a service, or its list says for whom it is",
        find: { tree in
            let heard = Set(
                tree.swift(in: "Services", "Shared/ServiceHost", "Shared/Messaging").flatMap(\.subscriptions))
            let reasoned = reasons(in: tree)
            return events(in: tree).compactMap { event in
                switch (heard.contains(event.swiftName), reasoned.contains(event.type)) {
                case (false, false): event.file.finding("nobody hears \(event.type): say in \(list) for whom it is")
                case (true, true): event.file.finding("\(event.type) is heard here: \(list) needs no reason for it")
                default: nil
                }
            }
        },
        breaches: [
            Tree(["Shared/GuichetProtocol/Booking/Events.swift": held]),
            Tree([
                "Shared/GuichetProtocol/Booking/Events.swift": held,
                "Services/A/Service/Messages/Consumed.swift": "// .to(SlotHeld.self)\n.to(SlotHeldAgain.self)",
            ]),
            Tree(["Shared/GuichetProtocol/Booking/Events.swift": held, list: "| `guichet.booking.slot.held.v1` |  |"]),
            Tree([
                "Shared/GuichetProtocol/Booking/Events.swift": held, list: "| `guichet.booking.slot.held.v2` | All. |",
            ]),
            whole(reasons: "\n| `guichet.booking.slot.held.v1` | Screens. |"),
        ],
        observances: [
            whole(),
            Tree([
                "Shared/GuichetProtocol/Booking/Events.swift": held, list: "| `guichet.booking.slot.held.v1` | All. |",
            ]),
        ])

    private static let held = """
        package struct SlotHeld: Event {
            package static let name = EventName("booking", "slot", "held", version: 1)
        }
        """

    /// An event with all that it owes, and a service that hears it.
    private static func whole(reasons: String = "") -> Tree {
        Tree([
            "Shared/GuichetProtocol/Booking/Events.swift": held, fixture(of: "guichet.booking.slot.held.v1"): "{}",
            "Services/Availability/Service/Messages/Consumed.swift": ".to(SlotHeld.self, scope: .tenant)",
            list:
                "| `guichet.booking.slot.held.v1` ([example](held.json)) | A slot is kept. | Availability |\(reasons)",
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

/// The events for which the list gives a reason: rows of two cells, neither of them empty.
private func reasons(in tree: Tree) -> Set<String> {
    let lines = tree.files.first { $0.path == list }?.lines ?? []
    return Set(lines.compactMap { $0.wholeMatch(of: /\| `(guichet\.[^`]+)` \| [^| ][^|]* \|/).map { String($0.1) } })
}
