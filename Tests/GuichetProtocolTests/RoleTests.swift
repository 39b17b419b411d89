import FoundationEssentials
import GuichetProtocol
import Testing

@Suite("Roles")
struct RoleTests {
    @Test("are written as the names that tokens and documents promise")
    func wireNames() {
        #expect(
            Role.allCases.map(\.rawValue) == [
                "super_admin", "admin", "manager", "staff", "patient", "waiter", "cashier", "display", "erp",
            ])
    }

    @Test("refuse a name that is none of theirs", arguments: [#""root""#, #""Admin""#, #""""#, "3"])
    func unknown(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Role.self, from: Data(json.utf8)) }
    }
}
