extension Check {
    static let servicesApart = Check(
        rule: "No service imports another service, and no shared module imports any",
        find: { tree in
            let services = Set(
                tree.files.compactMap { file in file.folders.first == "Services" ? file.folders[1] : nil })
            return tree.swift(in: "Services", "Shared").flatMap { file in
                let others = services.subtracting(file.folders[0] == "Services" ? [file.folders[1]] : [])
                return file.imports.filter { used in
                    others.contains { used.module == "\($0)Domain" || used.module == "\($0)Service" }
                }.map {
                    file.finding("imports \($0.module): services share events in GuichetProtocol only", line: $0.line)
                }
            }
        },
        breaches: [
            Tree([
                "Services/Queue/Service/Queue.swift": "import BookingDomain", "Services/Booking/README.md": "# Booking",
            ]),
            Tree(["Shared/HTTPServer/Route.swift": "import QueueService", "Services/Queue/README.md": "# Queue"]),
        ],
        observances: [
            Tree(["Services/Booking/Service/Desk.swift": "import BookingDomain"]),
            Tree([
                "Services/Queue/Service/Queue.swift": "import GuichetProtocol",
                "Services/Booking/README.md": "# Booking",
            ]),
        ])
}
