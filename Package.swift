// swift-tools-version: 6.2
import Foundation
import PackageDescription

// The manifest is the map of the suite: C libraries at the bottom, shared modules over them, services on top.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

/// Whether the repository has this folder: a target without one does not exist.
func exists(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(folder)")
}

/// A C library from Debian; only one shared module may import it.
func cLibrary(_ name: String, pkgConfig: String? = nil) -> [Target] {
    [.systemLibrary(name: name, path: "Shared/C/\(name)", pkgConfig: pkgConfig)]
}

/// A shared module and its tests.
///
/// - Parameters:
///   - migrations: `Migrations/*.sql` are embedded as `PackageResources`.
///   - examples: folders of the tests that hold data, not code.
func shared(
    _ name: String, _ dependencies: [Target.Dependency] = [], migrations: Bool = false,
    testedWith: [Target.Dependency] = [], examples: [String] = []
) -> [Target] {
    [
        .target(
            name: name, dependencies: dependencies, path: "Shared/\(name)",
            resources: migrations ? [.embedInCode("Migrations")] : [], swiftSettings: strict),
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies + testedWith,
            path: "Tests/\(name)Tests", exclude: examples, swiftSettings: strict),
    ]
}

/// A service: its rules, which can reach nothing but the primitives; the service itself; its executable; and the tests
/// that there are.
///
/// - Parameters:
///   - listensTo: whose events it acts on: folders of `Shared/GuichetProtocol`. Every service hears Identity. Nothing is
///     built of it; `Tests/TidyTests` compares it with the subscriptions.
///   - vocabulary: what the rules, and so the service, may name beside the primitives.
///   - domainTestedWith: what the tests of the rules need in addition.
///   - serviceTestedWith: what the tests of the service need in addition, for example another service.
func service(
    _ name: String, _ dependencies: [Target.Dependency] = [], listensTo: [String], vocabulary: [String] = [],
    domainTestedWith: [Target.Dependency] = [], serviceTestedWith: [Target.Dependency] = []
) -> [Target] {
    let executable = "guichet-\(name.lowercased())"
    let platform: Set = [
        "AMQP", "Authentication", "Cryptography", "EventLoop", "GuichetProtocol", "HTTPServer", "Idempotency",
        "JSONCoding", "Messaging", "Postgres", "Primitives", "Runtime", "ServiceHost", "Tenancy",
    ]
    let words = vocabulary.map { Target.Dependency.byName(name: $0) }
    let shared = platform.union(vocabulary).sorted().map { Target.Dependency.byName(name: $0) }
    return [
        .target(
            name: "\(name)Domain", dependencies: ["Primitives"] + words, path: "Services/\(name)/Domain",
            swiftSettings: strict),
        .target(
            name: "\(name)Service", dependencies: [.byName(name: "\(name)Domain")] + shared + dependencies,
            path: "Services/\(name)/Service",
            resources: ["Migrations", "Documentation"].filter { exists("Services/\(name)/Service/\($0)") }.map {
                .embedInCode($0)
            },
            swiftSettings: strict),
        .executableTarget(
            name: executable, dependencies: [.byName(name: "\(name)Service"), "ServiceHost"],
            path: "Services/\(name)/Main", swiftSettings: strict),
        .testTarget(
            name: "\(name)DomainTests",
            dependencies: [.byName(name: "\(name)Domain"), "Primitives"] + words + domainTestedWith,
            path: "Tests/\(name)DomainTests", swiftSettings: strict),
        .testTarget(
            name: "\(name)ServiceTests",
            dependencies: [
                .byName(name: "\(name)Domain"), .byName(name: "\(name)Service"), "PostgresTesting", "ServiceTesting",
            ] + shared + serviceTestedWith,
            path: "Tests/\(name)ServiceTests", swiftSettings: strict),
    ].filter { !$0.isTest || exists($0.path ?? "") }
}

/// What tests of several modules share.
func testing(_ name: String, _ dependencies: [Target.Dependency]) -> [Target] {
    [.target(name: name, dependencies: dependencies, path: "Shared/Testing/\(name)", swiftSettings: strict)]
}

let package = Package(
    name: "Guichet",
    targets: [
        cLibrary("CCurl", pkgConfig: "libcurl"),
        // Its pkg-config file has a flag that SwiftPM refuses; headers and library are where everybody looks.
        cLibrary("CHiredis"),
        cLibrary("CJansson", pkgConfig: "jansson"),
        cLibrary("CMicroHTTPD", pkgConfig: "libmicrohttpd"),
        cLibrary("COpenSSL", pkgConfig: "openssl"),
        cLibrary("CPostgres", pkgConfig: "libpq"),
        // Its headers and library are where the compiler looks; its pkg-config file would say nothing more.
        cLibrary("CQREncode"),
        cLibrary("CRabbitMQ", pkgConfig: "librabbitmq"),
        cLibrary("CSystem"),
        // It has no pkg-config file.
        cLibrary("CWSLay"),
        cLibrary("CZlib", pkgConfig: "zlib"),

        shared("Primitives"),
        shared("GuichetProtocol", ["Primitives"], examples: ["Fixtures"]),
        shared("Scheduling", ["Primitives"], testedWith: ["SchedulingTesting"]),
        shared("WaitingLine", ["Primitives"], testedWith: ["SchedulingTesting"]),
        shared("EventLoop", ["CSystem"]),
        shared("Runtime", ["CSystem", "EventLoop", "Primitives"]),
        shared("Cryptography", ["COpenSSL", "Primitives"]),
        shared("Authentication", ["Cryptography", "EventLoop", "GuichetProtocol", "JSONCoding", "Primitives"]),
        shared("Postgres", ["CPostgres", "EventLoop", "Primitives"], testedWith: ["PostgresTesting"]),
        shared(
            "Tenancy", ["EventLoop", "GuichetProtocol", "JSONCoding", "Postgres", "Primitives", "Runtime"],
            migrations: true,
            testedWith: ["PostgresTesting"]),
        shared(
            "Idempotency", ["EventLoop", "JSONCoding", "Postgres", "Primitives", "Tenancy"], migrations: true,
            testedWith: ["PostgresTesting"]),
        shared("AMQP", ["CRabbitMQ", "CSystem", "EventLoop", "Primitives"], testedWith: ["AMQPTesting"]),
        shared(
            "Messaging",
            [
                "AMQP", "EventLoop", "GuichetProtocol", "JSONCoding", "Postgres", "Primitives", "Runtime", "Tenancy",
            ],
            migrations: true, testedWith: ["AMQPTesting", "PostgresTesting", "SchedulingTesting"]),
        shared("Compression", ["CZlib"]),
        shared("QRCode", ["CQREncode", "Compression"]),
        shared("HTTPClient", ["CCurl", "EventLoop", "Primitives", "Runtime"], testedWith: ["HTTPTesting"]),
        shared("Redis", ["CHiredis", "EventLoop", "Primitives"], testedWith: ["RedisTesting"]),
        shared("JSONCoding", ["CJansson", "Primitives"]),
        shared(
            "HTTPServer",
            [
                "Authentication", "CMicroHTTPD", "Compression", "Cryptography", "EventLoop", "GuichetProtocol",
                "JSONCoding", "Primitives", "Runtime",
            ], testedWith: ["HTTPTesting"]),
        shared(
            "WebSocket",
            [
                "Authentication", "Compression", "CWSLay", "Cryptography", "EventLoop", "HTTPServer", "Primitives",
                "Runtime",
            ],
            testedWith: ["GuichetProtocol", "HTTPTesting"], examples: ["Peer"]),
        shared(
            "SocketIO",
            [
                "Authentication", "Cryptography", "EventLoop", "HTTPServer", "JSONCoding", "Primitives", "Runtime",
                "WebSocket",
            ], testedWith: ["GuichetProtocol", "HTTPTesting"], examples: ["Peer"]),
        shared(
            "ServiceHost",
            [
                "AMQP", "Authentication", "Cryptography", "EventLoop", "GuichetProtocol", "HTTPServer", "Idempotency",
                "JSONCoding", "Messaging", "Postgres", "Primitives", "Runtime", "Tenancy",
            ], migrations: true, testedWith: ["ServiceTesting"]),

        testing("AMQPTesting", ["AMQP", "EventLoop"]),
        testing("HTTPTesting", ["EventLoop"]),
        testing("PostgresTesting", ["EventLoop", "Postgres", "Primitives"]),
        testing("RedisTesting", ["EventLoop", "Redis"]),
        testing("SchedulingTesting", ["Primitives", "Scheduling"]),
        testing(
            "ServiceTesting",
            [
                "AMQP", "AMQPTesting", "Authentication", "Cryptography", "EventLoop", "GuichetProtocol", "HTTPServer",
                "JSONCoding", "Messaging", "Postgres", "PostgresTesting", "Primitives", "Runtime", "ServiceHost",
                "Tenancy",
            ]),

        // Which slots exist is computed in one way, whoever computes it.
        service(
            "Availability", ["Redis"], listensTo: ["Booking", "Identity"], vocabulary: ["Scheduling"],
            domainTestedWith: ["SchedulingTesting"], serviceTestedWith: ["BookingService", "RedisTesting"]),
        service(
            "Booking", listensTo: ["Availability", "Identity"], vocabulary: ["Scheduling"],
            domainTestedWith: ["SchedulingTesting"]),
        // Roles, and who may give them, are the business of Identity.
        service(
            "Identity", ["HTTPClient"], listensTo: ["Identity", "Platform"], vocabulary: ["GuichetProtocol"],
            serviceTestedWith: ["AMQPTesting"]),
        // The order of a line and the expected waits are computed in one way, whoever computes them.
        service(
            "Queue", ["QRCode"], listensTo: ["Booking", "Identity", "Realtime"],
            vocabulary: ["Scheduling", "WaitingLine"], domainTestedWith: ["SchedulingTesting"]),
        // What it shows are the lines as the events of Queue describe them.
        service(
            "Realtime", ["SocketIO", "WebSocket"], listensTo: ["Booking", "Identity", "Queue", "Realtime"],
            vocabulary: ["GuichetProtocol", "WaitingLine"], domainTestedWith: ["SchedulingTesting"],
            serviceTestedWith: ["AMQPTesting", "HTTPTesting", "WebSocket"]),

        [
            .testTarget(
                name: "DocumentationTests", dependencies: ["GuichetProtocol", "JSONCoding", "Primitives"],
                path: "Tests/DocumentationTests", swiftSettings: strict),
            .testTarget(name: "TidyTests", path: "Tests/TidyTests", swiftSettings: strict),
        ],
    ].flatMap { $0 }
)
