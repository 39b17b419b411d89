import GuichetProtocol
import IdentityDomain
import Primitives
import Testing

@Suite("Changes of an account")
struct AccountChangesTests {
    private func account(_ role: Role) throws -> Account {
        Account(
            id: .new(), email: try #require(EmailAddress("sara@people.example")),
            name: try #require(DisplayName("Sara")),
            role: role, passwordHash: "", isActive: true, secondFactor: nil,
            version: EntityVersion(generation: 1, number: 1), createdAt: Instant(seconds: 0),
            updatedAt: Instant(seconds: 0))
    }

    @Test("are refused if the old or the new role is not one that the caller may grant")
    func roles() throws {
        let (staff, admin) = (try account(.staff), try account(.admin))
        #expect(throws: IdentityError.roleNotGrantable) {
            try AccountChanges(isActive: false).check(admin, changedBy: .new(), .manager, in: "clinique")
        }
        #expect(throws: IdentityError.roleNotGrantable) {
            try AccountChanges(role: .admin).check(staff, changedBy: .new(), .manager, in: "clinique")
        }
        try AccountChanges(role: .cashier).check(staff, changedBy: .new(), .manager, in: "clinique")
    }

    @Test("of the own account are refused if they end its sessions")
    func ownAccount() throws {
        let admin = try account(.admin)
        for changes in [
            AccountChanges(role: .staff), AccountChanges(isActive: false), AccountChanges(password: "x"),
            AccountChanges(resetsSecondFactor: true),
        ] {
            #expect(throws: IdentityError.ownAccount) {
                try changes.check(admin, changedBy: admin.id, .admin, in: "clinique")
            }
        }
        try AccountChanges(name: DisplayName("Sara B.")).check(admin, changedBy: admin.id, .admin, in: "clinique")
    }

    @Test("remove an administrator by another role or by deactivation")
    func administrators() throws {
        let (staff, admin) = (try account(.staff), try account(.admin))
        #expect(AccountChanges(role: .staff).removesAdministrator(admin))
        #expect(AccountChanges(isActive: false).removesAdministrator(admin))
        #expect(!AccountChanges(role: .admin).removesAdministrator(admin))
        #expect(!AccountChanges(isActive: false).removesAdministrator(staff))
    }
}
