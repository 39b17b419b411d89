package import HTTPServer
package import Primitives

extension ServiceContext {
    /// The configured address of the suite, or the one that the client used, as the gateway forwards it. Throws the 400
    /// problem for a malformed `Host`.
    package func publicAddress(of call: Call) throws(Problem) -> PublicAddress {
        if let configured = platform.publicAddress { return configured }
        guard let host = call.header("host"), (1...255).contains(host.utf8.count), host.utf8.allSatisfy(Self.isOfHost)
        else { throw Problem(.malformedRequest, "Le champ Host de la requête est incorrect.") }
        return PublicAddress("\(call.header("x-forwarded-proto") == "https" ? "https" : "http")://\(host)")
    }

    /// Whether a byte may appear unescaped in the authority of an address: in a name, an IP address or a port.
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
