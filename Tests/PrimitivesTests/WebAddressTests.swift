import Primitives
import Testing

@Suite("Addresses that are published")
struct WebAddressTests {
    @Test(
        "are https addresses with a host name",
        arguments: [
            "https://rdv.exemple.dz", "https://exemple.dz:8443/rdv?de=guichet", "https://exemple.dz?lieu=1",
            "https://xn--bjaa-loa6e.dz/a%C3%A9/(b)/@c;d=1,2?q=a:b/c?&x='*'", "https://EXEMPLE.dz/",
        ])
    func accepted(text: String) { #expect(WebAddress(text)?.text == text) }

    @Test(
        "have no user, no fragment, no IP address, and no character that RFC 3986 does not have",
        arguments: [
            "", "http://exemple.dz", "HTTPS://exemple.dz", "https://", "https:///rdv", "https:exemple.dz", "exemple.dz",
            "javascript:alert(1)", "data:text/html,x", "https://admin:secret@exemple.dz", "https://admin@exemple.dz/",
            "https://exemple.dz/#rdv", "https://exemple.dz/\"><script>", "https://exemple.dz/<b>",
            "https://exemple.dz/a b",
            "https://exemple.dz/\\", "https://exemple.dz/^", "https://exemple.dz/`", "https://exemple.dz/{a}",
            "https://exemple.dz/|", "https://exemple.dz/%", "https://exemple.dz/%4", "https://exemple.dz/%zz",
            "https://exemple.dz/é", "https://béjaïa.dz", "https://exemple.dz/\u{202E}", "https://exemple.dz/\n",
            "https://exemple.dz\n.example", "https://exemple.dz/\0", "https://exemple.dz:0/",
            "https://exemple.dz:65536",
            "https://exemple.dz:", "https://127.0.0.1:22130/", "https://[::1]/", "https://localhost/", "https://x/",
            "https://exemple.dz/[a]", "https://-a.dz", "https://a..dz", "https://exemple.dz.",
            "https://exemple.dz\\@autre.example/",
        ])
    func refused(text: String) { #expect(WebAddress(text) == nil) }

    @Test("have at most 300 characters")
    func length() {
        let long = "https://exemple.dz/" + String(repeating: "a", count: 281)
        #expect(WebAddress(long)?.text == long && WebAddress(long + "a") == nil)
    }
}

@Suite("Secrets as they were sent")
struct SecretTextTests {
    @Test("have 1 to so many Unicode scalars, and are not printed")
    func secret() {
        #expect(SecretText<3>("é́é") != nil && SecretText<3>("e\u{301}e\u{301}") == nil && SecretText<3>("") == nil)
        #expect(SecretText<3>(" a ")?.text == " a ")
        for text in ["\(SecretText<9>("secret") as Any)", String(reflecting: SecretText<9>("secret"))] {
            #expect(!text.contains("\"secret\"") && text.contains("<secret>"))
        }
    }
}
