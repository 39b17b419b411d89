/// A folder of each service and the modules that its code must not know.
private struct Layer {
    let folder: String
    let forbidden: Set<String>
    let instead: String
}

private let layerTable = [
    Layer(
        folder: "Service/Clients", forbidden: ["AMQP", "HTTPServer", "JSONCoding"],
        instead: "a client of another system exchanges values: routes encode them"),
    Layer(
        folder: "Service/Commands", forbidden: ["AMQP", "HTTPServer", "JSONCoding", "Redis"],
        instead: "a use case knows no wire: routes and messages translate for it"),
    Layer(
        folder: "Service/Configuration",
        forbidden: ["AMQP", "HTTPServer", "JSONCoding", "Messaging", "Postgres", "ServiceHost", "Tenancy"],
        instead: "it holds the variables of the service"),
    Layer(
        folder: "Service/Feed",
        forbidden: ["AMQP", "HTTPServer", "JSONCoding", "Messaging", "Postgres", "Redis", "ServiceHost", "Tenancy"],
        instead: "a feed is a text made of values: a query reads them, a route answers"),
    Layer(
        folder: "Service/Views",
        forbidden: ["AMQP", "HTTPServer", "Messaging", "Postgres", "Redis", "ServiceHost", "Tenancy"],
        instead: "a view is made of values: queries and commands read them"),
    Layer(
        folder: "Service/Queries",
        forbidden: ["AMQP", "HTTPServer", "JSONCoding", "Messaging", "Redis"],
        instead: "a query answers views: the store reads them"),
    Layer(
        folder: "Service/Routes", forbidden: ["AMQP", "Messaging", "Postgres", "Redis"],
        instead: "a route decodes, calls a command or a query, and encodes"),
    Layer(
        folder: "Service/Messages", forbidden: ["AMQP", "HTTPServer", "JSONCoding", "Redis"],
        instead: "a message goes through Messaging, and its effect is a command"),
    Layer(
        folder: "Service/Store", forbidden: ["AMQP", "HTTPServer", "JSONCoding", "Redis"],
        instead: "the store turns rows into values and values into SQL"),
    Layer(
        folder: "Service/Jobs", forbidden: ["AMQP", "HTTPServer", "JSONCoding", "Redis"],
        instead: "a job looks for what is due and calls a command"),
    Layer(
        folder: "Main", forbidden: ["AMQP", "HTTPServer", "Messaging", "Postgres", "Redis"],
        instead: "main starts the service and knows nothing of its parts"),
]

/// What lies directly in `Service/`: files that begin with the service's name put the parts together.
private let assembly = Layer(
    folder: "what puts a service together", forbidden: ["AMQP", "Postgres"],
    instead: "it makes the parts and hands them to each other: they do the work")

/// The other files of `Service/`: values and tools that several layers share.
private let sharedValues = Layer(
    folder: "what the layers of a service share", forbidden: ["AMQP", "HTTPServer", "Redis", "ServiceHost"],
    instead: "it may know no more than every layer that uses it")

/// A target of its own, so that the compiler guards it too; what it may know is a list, not a ban.
private let domainImports: Set = ["FoundationEssentials", "Primitives"]

/// What a domain shares with others. Roles, and who may give them, are the business of Identity; which slots exist, of
/// Booking, and of Availability that shows them.
private let domainVocabulary: [Substring: Set<String>] = [
    "Availability": ["Scheduling"], "Booking": ["Scheduling"], "Identity": ["GuichetProtocol"],
]

extension Check {
    static let layers = Check(
        rule: "Code of a service imports only what its layer may know",
        find: { tree in tree.swift(in: "Services").flatMap(forbiddenImports) },
        breaches: [
            Tree(["Services/Booking/Domain/Slot.swift": "import Postgres"]),
            Tree(["Services/Booking/Domain/Clinic/Hours.swift": "import Primitives\npackage import Glibc"]),
            Tree(["Services/Booking/Domain/Slot.swift": "import GuichetProtocol"]),
            Tree(["Services/Booking/Service/Commands/TakeSlot.swift": "import HTTPServer"]),
            Tree(["Services/Booking/Service/Queries/FindSlots.swift": "import JSONCoding"]),
            Tree(["Services/Booking/Service/Routes/Slots.swift": "internal import Postgres"]),
            Tree(["Services/Booking/Service/Messages/Consumed.swift": "import HTTPServer"]),
            Tree(["Services/Booking/Service/Store/Rows.swift": "import struct HTTPServer.Problem"]),
            Tree(["Services/Booking/Service/Jobs/Expiry.swift": "import HTTPServer"]),
            Tree(["Services/Booking/Main/Main.swift": "import Postgres"]),
            Tree(["Services/Booking/Service/Views/Feed/AgendaFeed.swift": "import Postgres"]),
            Tree(["Services/Availability/Service/Clients/DayCache.swift": "import HTTPServer"]),
            Tree(["Services/Availability/Service/Views/Standards/Search/DateSearch.swift": "import Postgres"]),
            Tree(["Services/Availability/Service/AvailabilityService.swift": "import Postgres"]),
            Tree(["Services/Availability/Service/Views.swift": "import HTTPServer"]),
            Tree(["Services/Booking/Service/Gadgets/Gadget.swift": "let a = 1"]),
            Tree(["Services/Booking/Slot.swift": "let a = 1"]),
        ] + redisBreaches,
        observances: [
            Tree(["Services/Booking/Domain/Slot.swift": "package import FoundationEssentials\nimport Primitives"]),
            Tree(["Services/Booking/Domain/Slot.swift": "// import Postgres\nlet text = \"import Postgres\""]),
            Tree(["Services/Identity/Domain/Roles.swift": "import GuichetProtocol"]),
            Tree(["Services/Booking/Domain/Appointment.swift": "package import Scheduling"]),
            Tree(["Services/Booking/Service/Store/Rows.swift": "import Postgres"]),
            Tree(["Services/Availability/Service/Clients/DayCache.swift": "import Redis"]),
            Tree(["Services/Availability/Service/Configuration/AvailabilityConfiguration.swift": "import Redis"]),
            Tree(["Shared/Messaging/Outbox.swift": "import Postgres"]),
        ])
}

/// Only clients may use Redis, and the configuration, which has its address.
private let redisBreaches =
    ["Service/Desk.swift", "Main/Main.swift"].map { "Services/Availability/\($0)" }.map { Tree([$0: "import Redis"]) }
    + layerTable.filter {
        $0.folder.hasPrefix("Service/") && !["Service/Clients", "Service/Configuration"].contains($0.folder)
    }.map {
        Tree(["Services/Availability/\($0.folder)/A.swift": "import Redis"])
    }

private func forbiddenImports(_ file: SourceFile) -> [Finding] {
    let path = file.folders.dropFirst(2).joined(separator: "/") + "/"
    if path.hasPrefix("Domain/") {
        let permitted = domainImports.union(domainVocabulary[file.folders[1], default: []])
        return file.imports.filter { !permitted.contains($0.module) }.map {
            file.finding("a domain does not import \($0.module): what it needs comes in as an argument", line: $0.line)
        }
    }
    guard let layer = layer(of: file) else {
        return [file.finding("no layer is called \(path.dropLast()): give it a row in the table, or move the file")]
    }
    return file.imports.filter { layer.forbidden.contains($0.module) }.map {
        file.finding("\(layer.folder) does not import \($0.module): \(layer.instead)", line: $0.line)
    }
}

private func layer(of file: SourceFile) -> Layer? {
    let path = file.folders.dropFirst(2).joined(separator: "/") + "/"
    if path == "Service/" {
        return file.path.hasPrefix("Services/\(file.folders[1])/Service/\(file.folders[1])") ? assembly : sharedValues
    }
    return layerTable.first { path.hasPrefix($0.folder + "/") }
}
