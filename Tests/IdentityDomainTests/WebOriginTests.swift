import IdentityDomain
import Testing

@Suite("The origins of web pages")
struct WebOriginTests {
    @Test(
        "are taken as browsers name them",
        arguments: [
            "https://clinique.example", "https://rdv.clinique.example:8443", "https://xn--bjaa-ipa.example",
            "http://localhost:5173", "http://127.0.0.1",
        ])
    func accepted(_ text: String) { #expect(WebOrigin(text)?.description == text) }

    @Test("lose the port that their scheme implies")
    func usualPort() {
        #expect(WebOrigin("https://clinique.example:443")?.description == "https://clinique.example")
        #expect(WebOrigin("http://localhost:80")?.description == "http://localhost")
    }

    @Test(
        "are neither patterns, nor addresses of pages, nor unprotected",
        arguments: [
            "*", "null", "", "https://", "https://*.example", "https://clinique.example/", "https://Clinique.example",
            "https://clinique.example?a", "https://qui@clinique.example", "http://clinique.example",
            "http://localhost.evil.example", "ftp://clinique.example", "https://clinique.example:0",
            "https://béjaïa.example", "https://clinique.example\n", "https://.example",
        ])
    func refused(_ text: String) { #expect(WebOrigin(text) == nil) }

    @Test("are kept once each, and at most twenty of a tenant")
    func list() throws {
        let origins = try (0...20).map { try #require(WebOrigin("https://clinique-\($0).example")) }
        #expect(AllowedOrigins(origins) == nil)
        #expect(AllowedOrigins(Array(origins[..<20]))?.origins.count == 20)
        #expect(AllowedOrigins([origins[1], origins[0], origins[1]])?.origins == [origins[1], origins[0]])
    }
}
