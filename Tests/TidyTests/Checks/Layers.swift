import Foundation

/// The layers of a service, from the lowest to the highest. A layer may use those of its own rank and those below.
struct Layer: Sendable {
    /// Below the service's own folder.
    let folder: String
    let rank: Int
    /// Modules that its code must not import.
    let forbidden: Set<String>
    /// What to do instead.
    let instead: String

    static let all = [
        Layer(
            folder: "Service/Configuration", rank: 0,
            forbidden: ["AMQP", "HTTPServer", "JSONCoding", "Messaging", "Postgres"],
            instead: "a configuration reads variables and holds values"),
        Layer(
            folder: "Service/Views", rank: 0, forbidden: ["AMQP", "HTTPServer", "Messaging", "Postgres", "Redis"],
            instead: "a view is what is answered: the store reads it, a route sends it"),
        Layer(
            folder: "Service/Store", rank: 1, forbidden: ["AMQP", "HTTPServer", "JSONCoding", "Redis"],
            instead: "the store turns rows into values and values into SQL"),
        Layer(
            folder: "Service/Clients", rank: 1, forbidden: ["AMQP", "HTTPServer"],
            instead: "a client speaks with one outside system and returns values"),
        Layer(
            folder: "Service/Commands", rank: 2, forbidden: ["AMQP", "HTTPServer", "JSONCoding", "Redis"],
            instead: "a use case knows no wire: routes and messages translate for it"),
        Layer(
            folder: "Service/Queries", rank: 2, forbidden: ["AMQP", "HTTPServer", "JSONCoding", "Messaging", "Redis"],
            instead: "a query answers views: routes send them"),
        Layer(
            folder: "Service/Jobs", rank: 3, forbidden: ["AMQP", "HTTPServer", "JSONCoding", "Redis"],
            instead: "a job finds what is due and calls a command"),
        Layer(
            folder: "Service/Messages", rank: 3, forbidden: ["AMQP", "HTTPServer", "JSONCoding", "Redis"],
            instead: "a message comes through Messaging, and its effect is a command"),
        Layer(
            folder: "Service/Routes", rank: 3, forbidden: ["AMQP", "Messaging", "Postgres", "Redis"],
            instead: "a route decodes, calls a command or a query, and encodes"),
        Layer(
            folder: "Service/OperatorCommands", rank: 3, forbidden: ["AMQP", "HTTPServer", "Postgres", "Redis"],
            instead: "an operator command reads its arguments and calls a use case"),
        Layer(
            folder: "Service", rank: 4, forbidden: ["AMQP", "JSONCoding", "Postgres"],
            instead: "the service lists its parts: they do the work"),
        Layer(
            folder: "Main", rank: 5, forbidden: ["AMQP", "HTTPServer", "Messaging", "Postgres", "Redis"],
            instead: "main starts the service and knows nothing of its parts"),
    ]

    /// The layer of a file of a service; nil if it lies in none.
    static func of(_ file: SourceFile) -> Layer? {
        let folders = file.folders.dropFirst(2).map(String.init)
        guard folders != ["Service"] else { return all.first { $0.folder == "Service" } }
        let home = folders.first == "Main" ? "Main" : folders.prefix(2).joined(separator: "/")
        return all.first { $0.folder == home }
    }
}

/// A target of its own, so that the compiler guards it too; what it may import is a list, not a ban.
private let domainImports: Set = ["FoundationEssentials", "Primitives"]

extension Check {
    static let layers = Check(
        rule: "Code of a service imports only what its layer may know",
        find: { tree in
            let vocabularies = tree.vocabularies
            return tree.swift(in: "Services").flatMap { forbiddenImports($0, vocabularies) }
        },
        breaches: [
            Tree(["Services/Booking/Domain/Slot.swift": "import Postgres"]),
            Tree(["Services/Booking/Domain/Clinic/Hours.swift": "import Primitives\npackage import Glibc"]),
            Tree(["Services/Booking/Domain/Slot.swift": "import GuichetProtocol"]),
            Tree([
                "Package.swift": "service(\"Queue\", vocabulary: [\"Scheduling\"])",
                "Services/Booking/Domain/Slot.swift": "import Scheduling",
            ]),
            Tree(["Services/Booking/Service/Commands/TakeSlot.swift": "import HTTPServer"]),
            Tree(["Services/Booking/Service/Queries/FindSlots.swift": "import JSONCoding"]),
            Tree(["Services/Booking/Service/Routes/Slots.swift": "internal import Postgres"]),
            Tree(["Services/Booking/Service/Messages/Consumed.swift": "import HTTPServer"]),
            Tree(["Services/Booking/Service/Store/Rows.swift": "import struct HTTPServer.Problem"]),
            Tree(["Services/Booking/Service/Views/Feed/AgendaFeed.swift": "import Postgres"]),
            Tree(["Services/Booking/Service/Jobs/Expiry.swift": "import HTTPServer"]),
            Tree(["Services/Booking/Main/Main.swift": "import Postgres"]),
            Tree(["Services/Availability/Service/Clients/DayCache.swift": "import HTTPServer"]),
            Tree(["Services/Availability/Service/AvailabilityService.swift": "import JSONCoding"]),
            Tree(["Services/Booking/Service/Gadgets/Gadget.swift": "let a = 1"]),
            Tree(["Services/Booking/Slot.swift": "let a = 1"]),
        ],
        observances: [
            Tree(["Services/Booking/Domain/Slot.swift": "package import FoundationEssentials\nimport Primitives"]),
            Tree(["Services/Booking/Domain/Slot.swift": "// import Postgres\nlet text = \"import Postgres\""]),
            Tree([
                "Package.swift": "service(\n    \"Booking\", listensTo: [],\n    vocabulary: [\"Scheduling\"])",
                "Services/Booking/Domain/Appointment.swift": "package import Scheduling",
            ]),
            Tree(["Services/Booking/Service/Store/Rows.swift": "import Postgres"]),
            Tree(["Services/Availability/Service/Clients/Redis/DayCache.swift": "import Redis"]),
            Tree(["Services/Availability/Service/Configuration/AvailabilityConfiguration.swift": "import Redis"]),
            Tree(["Services/Booking/Main/Main.swift": "import ServiceHost"]),
            Tree(["Shared/Messaging/Outbox.swift": "import Postgres"]),
        ])
}

private func forbiddenImports(_ file: SourceFile, _ vocabularies: [String: [String]]) -> [Finding] {
    if file.folders.dropFirst(2).first == "Domain" {
        let permitted = domainImports.union(vocabularies[String(file.folders[1]), default: []])
        return file.imports.filter { !permitted.contains($0.module) }.map {
            file.finding("a domain does not import \($0.module): what it needs comes in as an argument", line: $0.line)
        }
    }
    guard let layer = Layer.of(file) else {
        return [file.finding("lies in no layer: move it into a folder of docs/development.md, \"A service\"")]
    }
    return file.imports.filter { layer.forbidden.contains($0.module) }.map {
        file.finding("\(layer.folder) does not import \($0.module): \(layer.instead)", line: $0.line)
    }
}

extension Tree {
    /// The lists of modules under `label` in the manifest's calls of `service`, by service.
    func manifest(_ label: String) -> [String: [String]] {
        let text = files.first { $0.path == "Package.swift" }?.text ?? ""
        let calls = text.matches(of: /service\(\s*"(\w+)"([^)]*)\)/).map { call in
            let rest = String(call.2)
            guard let start = rest.range(of: "\(label): [")?.upperBound else { return (String(call.1), [String]()) }
            return (String(call.1), rest[start...].prefix { $0 != "]" }.matches(of: /"(\w+)"/).map { String($0.1) })
        }
        return Dictionary(calls) { first, _ in first }
    }

    /// The modules that the rules of a service may name beside the primitives.
    fileprivate var vocabularies: [String: [String]] { manifest("vocabulary") }
}
