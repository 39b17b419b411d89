/// What every service hears is subscribed to here.
private let host = "Shared/ServiceHost"

extension Check {
    /// SwiftPM has no word for who hears whom: the manifest says it all the same, so that it is the whole map, and is
    /// held to the code.
    static let declaredPublishers = Check(
        rule: "The manifest names the publishers that a service listens to",
        find: { tree in
            let declared = tree.manifest("listensTo")
            let services = Set(
                tree.swift(in: "Services").filter { $0.folders.contains("Service") }.map { $0.folders[1] })
            return services.sorted().flatMap { service -> [Finding] in
                guard let names = declared[String(service)] else {
                    return [
                        Finding(path: "Package.swift", line: nil, message: "does not declare service(\"\(service)\"")
                    ]
                }
                let heard = publishers(
                    of: Set(tree.swift(in: "Services/\(service)/Service", host).flatMap(\.subscriptions)), in: tree)
                guard names != heard.sorted() else { return [] }
                let message = "\(service) listensTo: \(heard.sorted()), says its code, not \(names)"
                return [Finding(path: "Package.swift", line: nil, message: message)]
            }
        },
        breaches: [
            example(listensTo: "[\"Identity\"]"),
            example(listensTo: "[\"Booking\", \"Identity\", \"Queue\"]"),
            example(listensTo: "[\"Identity\", \"Booking\"]"),
            example(listensTo: "[]"),
            Tree(["Package.swift": "", "Services/Availability/Service/Views.swift": ""]),
            Tree([
                "Package.swift": "service(\"Queue\", listensTo: [])",
                "Services/Queue/Service/Messages/Consumed.swift": ".to(NobodysEvent.self, scope: .tenant)",
            ]),
        ],
        observances: [
            example(listensTo: "[\"Booking\", \"Identity\"]"),
            Tree(["Package.swift": "service(\"Queue\", listensTo: [])", "Services/Queue/Service/Desk.swift": ""]),
        ])

    /// A service that hears Booking by itself, and Identity by its host.
    private static func example(listensTo: String) -> Tree {
        Tree([
            "Package.swift": "service(\n    \"Availability\", [\"Redis\"], listensTo: \(listensTo)),",
            "Services/Availability/Service/Messages/Consumed.swift":
                "[.toAll(AppointmentHeld.self, scope: .tenant), // .to(QueueCalled.self)\n.to(CalendarChanged.self)]",
            "Shared/ServiceHost/TenantSync.swift": "[.to(TenantAnnounced.self, scope: .service)]",
            "Shared/GuichetProtocol/Booking/Events.swift":
                "package struct AppointmentHeld: AppointmentEvent {}\npackage struct CalendarChanged: Event {}",
            "Shared/GuichetProtocol/Identity/Events.swift": "package struct TenantAnnounced: Event {}",
            "Shared/GuichetProtocol/Queue/Events.swift": "package struct QueueCalled: Event {}",
        ])
    }
}

/// The folders of the protocol in which the events are declared; of one that is declared nowhere, its own name.
private func publishers(of events: Set<String>, in tree: Tree) -> Set<String> {
    Set(
        events.map { event in
            let file = tree.swift(in: "Shared/GuichetProtocol").first {
                !$0.code.positions(of: "struct \(event):").isEmpty
            }
            return file.map { String($0.folders[2]) } ?? event
        })
}
