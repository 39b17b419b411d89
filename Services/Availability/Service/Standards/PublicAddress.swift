import FoundationEssentials
import HTTPServer
import Primitives

/// Where clients reach the suite: what the addresses that it tells them begin with.
struct PublicAddress: Sendable {
    private let text: String

    /// The configured address, or the one that the client asked, by what the gateway says of it.
    init(of call: Call, configured: URL?) throws(Problem) {
        if let configured {
            let address = configured.absoluteString
            text = address.hasSuffix("/") ? String(address.dropLast()) : address
            return
        }
        guard let host = call.header("host"), (1...255).contains(host.utf8.count), host.utf8.allSatisfy(Self.isOfHost)
        else { throw Problem(.malformedRequest, "Le champ Host de la requête est incorrect.") }
        text = "\(call.header("x-forwarded-proto") == "https" ? "https" : "http")://\(host)"
    }

    /// The address of a path, and of whatever query it has.
    func url(_ path: String) -> String { text + path }

    /// The FHIR server of a tenant.
    func fhir(_ tenant: TenantSlug) -> String { url("/api/fhir/\(tenant)") }

    /// Name, address or bracketed address, and port: what can stand in an address without an escape.
    private static func isOfHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"),
            UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }
}
