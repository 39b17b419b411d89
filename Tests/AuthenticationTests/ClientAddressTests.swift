import Authentication
import Testing

@Suite("Addresses of clients")
struct ClientAddressTests {
    @Test(
        "an address is one value however it is written",
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("::FFFF:c000:207", "192.0.2.7"),
            ("2001:DB8:0:0::1", "2001:db8::1"),
        ])
    func canonical(text: String, expected: String) {
        #expect(ClientAddress(text)?.description == expected)
        #expect(ClientAddress(text) == ClientAddress(expected))
    }

    @Test(
        "other texts are no address",
        arguments: [
            "", "unknown", "198.51.100.8 1", "192.0.2", "192.0.2.256", "192.0.2.7:80", "[::1]", "fe80::1%eth0", "::1\0",
        ])
    func refused(text: String) {
        #expect(ClientAddress(text) == nil)
        #expect(ClientNetwork(of: text).description == "unknown")
    }

    @Test("a subscriber is an IPv4 address or an IPv6 network of 64 bits")
    func subscriber() {
        #expect(ClientAddress("192.0.2.7")?.subscriber.description == "192.0.2.7")
        #expect(ClientAddress("2001:db8:1:2:3:4:5:6")?.subscriber.description == "2001:db8:1:2::")
    }

    @Test("audit records keep 24 bits of IPv4 and 48 of IPv6")
    func network() {
        #expect(ClientNetwork(of: "::ffff:192.0.2.7").description == "192.0.2.0/24")
        #expect(ClientNetwork(of: "2001:db8:1:2::6").description == "2001:db8:1::/48")
    }
}
