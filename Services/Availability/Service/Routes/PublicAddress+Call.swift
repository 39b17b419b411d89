import FoundationEssentials
import HTTPServer

extension PublicAddress {
    /// The configured address, or the one that the client used, as the gateway forwards it. Throws the 400 problem for
    /// a malformed `Host`.
    init(of call: Call, configured: URL?) throws(Problem) {
        if let configured {
            self.init(configured.absoluteString)
            return
        }
        guard let host = call.header("host"), (1...255).contains(host.utf8.count), host.utf8.allSatisfy(Self.isOfHost)
        else { throw Problem(.malformedRequest, "Le champ Host de la requête est incorrect.") }
        self.init("\(call.header("x-forwarded-proto") == "https" ? "https" : "http")://\(host)")
    }

    /// Name, address or bracketed address, and port: what may appear in an address unescaped.
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
