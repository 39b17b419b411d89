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
func shared(_ name: String, _ dependencies: [Target.Dependency] = [], testedWith: [Target.Dependency] = []) -> [Target]
{
    [
        .target(name: name, dependencies: dependencies, path: "Shared/\(name)", swiftSettings: strict),
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies + testedWith,
            path: "Tests/\(name)Tests", swiftSettings: strict),
    ]
}

let package = Package(
    name: "Guichet",
    targets: [
        cLibrary("CSystem"),
        cLibrary("COpenSSL", pkgConfig: "openssl"),
        cLibrary("CJansson", pkgConfig: "jansson"),
        cLibrary("CMicroHTTPD", pkgConfig: "libmicrohttpd"),

        shared("Primitives"),
        shared("EventLoop", ["CSystem"]),
        shared("Runtime", ["Primitives", "EventLoop", "CSystem"]),
        shared("GuichetProtocol", ["Primitives"]),
        shared("Cryptography", ["COpenSSL", "Primitives"]),
        shared("Authentication", ["Cryptography", "EventLoop", "GuichetProtocol", "Primitives"]),
        shared("JSONCoding", ["CJansson", "Primitives"]),
        shared(
            "HTTPServer",
            [
                "CMicroHTTPD", "Primitives", "EventLoop", "Runtime", "GuichetProtocol", "Cryptography",
                "Authentication", "JSONCoding",
            ]),
    ].flatMap { $0 }
)
