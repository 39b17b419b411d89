import FoundationEssentials
import GuichetProtocol
import Primitives
import Testing

@Suite("The tenant's profile on the wire")
struct TenantProfileTests {
    @Test("is read and written with the same names")
    func roundTrip() throws {
        let profile = TenantProfile(
            id: .new(), slug: "cabinet-1", name: "Cabinet", address: "Cité 109",
            timeZone: "Africa/Algiers", locale: "fr-DZ", phoneCountry: "DZ", database: "main",
            allowedOrigins: ["https://cabinet.example"])
        let json = try JSONEncoder().encode(profile)
        #expect(try JSONDecoder().decode(TenantProfile.self, from: json) == profile)
        let object = try #require(String(data: json, encoding: .utf8))
        #expect(object.contains("\"timeZone\":\"Africa"))
    }
}
