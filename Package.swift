// swift-tools-version: 6.2
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

/// A C library from Debian; only one shared module may import it.
func cLibrary(_ name: String, pkgConfig: String? = nil) -> [Target] {
    [.systemLibrary(name: name, path: "Shared/C/\(name)", pkgConfig: pkgConfig)]
}

/// A shared module and its tests.
///
/// - Parameter migrations: `Migrations/*.sql` are embedded as `PackageResources`.
func shared(
    _ name: String, _ dependencies: [Target.Dependency] = [], migrations: Bool = false,
    testedWith: [Target.Dependency] = []
) -> [Target] {
    [
        .target(
            name: name, dependencies: dependencies, path: "Shared/\(name)",
            resources: migrations ? [.embedInCode("Migrations")] : [], swiftSettings: strict),
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies + testedWith,
            path: "Tests/\(name)Tests", swiftSettings: strict),
    ]
}

/// The rules of a service, a target of its own so that they can reach nothing but the primitives, and their tests.
func domain(_ service: String) -> [Target] {
    [
        .target(
            name: "\(service)Domain", dependencies: ["Primitives"], path: "Services/\(service)/Domain",
            swiftSettings: strict),
        .testTarget(
            name: "\(service)DomainTests", dependencies: [.byName(name: "\(service)Domain"), "Primitives"],
            path: "Tests/\(service)DomainTests", swiftSettings: strict),
    ]
}

/// What tests of several modules share.
func testing(_ name: String, _ dependencies: [Target.Dependency]) -> [Target] {
    [.target(name: name, dependencies: dependencies, path: "Shared/Testing/\(name)", swiftSettings: strict)]
}

let package = Package(
    name: "Guichet",
    targets: [
        cLibrary("CJansson", pkgConfig: "jansson"),
        cLibrary("CMicroHTTPD", pkgConfig: "libmicrohttpd"),
        cLibrary("COpenSSL", pkgConfig: "openssl"),
        cLibrary("CPostgres", pkgConfig: "libpq"),
        cLibrary("CRabbitMQ", pkgConfig: "librabbitmq"),
        cLibrary("CSystem"),

        shared("Primitives"),
        shared("GuichetProtocol", ["Primitives"]),
        shared("EventLoop", ["CSystem"]),
        shared("Runtime", ["CSystem", "EventLoop", "Primitives"]),
        shared("Cryptography", ["COpenSSL", "Primitives"]),
        shared("Authentication", ["Cryptography", "EventLoop", "GuichetProtocol", "Primitives"]),
        shared("JSONCoding", ["CJansson", "Primitives"]),
        shared(
            "HTTPServer",
            [
                "Authentication", "CMicroHTTPD", "Cryptography", "EventLoop", "GuichetProtocol", "JSONCoding",
                "Primitives", "Runtime",
            ]),
        shared("Postgres", ["CPostgres", "EventLoop", "Primitives"], testedWith: ["PostgresTesting"]),
        shared(
            "Tenancy", ["EventLoop", "GuichetProtocol", "Postgres", "Primitives"], migrations: true,
            testedWith: ["PostgresTesting"]),
        shared("Idempotency", ["Postgres", "Tenancy"], migrations: true, testedWith: ["PostgresTesting"]),
        shared("AMQP", ["CRabbitMQ", "CSystem", "EventLoop", "Primitives"]),
        shared(
            "Messaging", ["AMQP", "EventLoop", "GuichetProtocol", "Postgres", "Primitives", "Runtime", "Tenancy"],
            migrations: true, testedWith: ["PostgresTesting"]),

        testing("PostgresTesting", ["EventLoop", "Postgres", "Primitives"]),

        domain("Booking"),
    ].flatMap { $0 }
)
