import GuichetProtocol
import IdentityDomain
import Primitives
import Testing

@Suite("The slugs of tenants")
struct ReservedSlugTests {
    @Test("a word that URLs use in the place of a slug is reserved", arguments: ["practitioners", "rooms", "api"])
    func reserved(_ word: String) throws {
        #expect(try #require(TenantSlug(word)).isReserved)
    }

    @Test("any other word is not reserved", arguments: ["cabinet-alger", "practitioner", "api-2"])
    func free(_ word: String) throws {
        #expect(try !#require(TenantSlug(word)).isReserved)
    }
}

@Suite("The roles that a role may grant")
struct GrantingTests {
    @Test("no role grants one that may grant more than itself", arguments: Role.allCases)
    func bounded(_ role: Role) {
        for granted in role.grants { #expect(granted.grants.isSubset(of: role.grants)) }
    }

    @Test("a manager makes no administrator and no machine, an administrator no super administrator")
    func examples() {
        #expect(Role.manager.grants.isDisjoint(with: [.admin, .superAdmin, .erp]))
        #expect(!Role.admin.grants.contains(.superAdmin))
        #expect(Role.admin.grants.contains(.admin))
    }

    @Test("the other roles grant nothing", arguments: [Role.staff, .patient, .waiter, .cashier, .display, .erp])
    func powerless(_ role: Role) {
        #expect(role.grants.isEmpty)
    }

    @Test("the platform's tenant has super administrators, and only it")
    func platform() {
        let clinic: TenantSlug = "clinique"
        for role in Role.allCases {
            #expect(role.exists(in: .platform) == (role == .superAdmin))
            #expect(role.exists(in: clinic) == (role != .superAdmin))
        }
    }
}

@Suite("Accounts under attack")
struct LockoutTests {
    @Test(
        "after the free attempts a minute, then twice as long each time, an hour at most",
        arguments: [(1, 0), (4, 0), (5, 60), (6, 120), (10, 1920), (11, 3600), (1_000_000, 3600)])
    func lockout(_ attempts: Int, _ seconds: Int) {
        #expect(Lockout.duration(after: attempts) == .seconds(seconds))
        let ofAll = attempts - Lockout.freeAttempts + Lockout.freeAttemptsOfAll
        #expect(Lockout.duration(after: ofAll, free: Lockout.freeAttemptsOfAll) == .seconds(seconds))
    }
}

@Suite("Languages and countries of tenants")
struct TenantTraitsTests {
    @Test("have the form of their standards")
    func standards() {
        #expect(LanguageTag("fr-DZ") != nil && LanguageTag("fr") != nil)
        #expect(LanguageTag("FR") == nil && LanguageTag("fr_DZ") == nil && LanguageTag("french") == nil)
        #expect(CountryCode("DZ") != nil && CountryCode("dz") == nil && CountryCode("DZA") == nil)
    }
}
