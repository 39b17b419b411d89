import GuichetProtocol
import IdentityDomain
import Primitives

extension Options {
    static let ofTenants: Set<String> = [
        "--slug", "--name", "--address", "--time-zone", "--locale", "--phone-country", "--database", "--admin-email",
        "--admin-name", "--admin-password-file",
    ]

    /// The tenant that the options describe. Throws ``Misuse``.
    func tenant() throws -> CreateTenant.Draft {
        var administrator: UserDraft?
        if values["--admin-email"] != nil {
            administrator = UserDraft(
                email: try read("--admin-email") { EmailAddress($0) },
                name: try read("--admin-name") { DisplayName($0) },
                role: .admin, password: try Self.secret(in: required("--admin-password-file")))
        }
        return CreateTenant.Draft(
            slug: try read("--slug") { TenantSlug($0) }, name: try read("--name") { DisplayName($0) },
            address: try read("--address") { PostalAddress($0) }, timeZone: try required("--time-zone"),
            locale: try read("--locale") { LanguageTag($0) },
            phoneCountry: try read("--phone-country") { CountryCode($0) },
            database: values["--database"], administrator: administrator)
    }

    /// The super administrator that the options describe. Throws ``Misuse``.
    func superAdministrator() throws -> UserDraft {
        guard let name = DisplayName(values["--name"] ?? "Super administrateur") else {
            throw Misuse(reason: "--name is not well formed")
        }
        return UserDraft(
            email: try read("--email") { EmailAddress($0) }, name: name, role: .superAdmin,
            password: try Self.secret(in: required("--password-file")))
    }

    private func read<Value>(_ name: String, _ parse: (String) -> Value?) throws -> Value {
        guard let value = parse(try required(name)) else { throw Misuse(reason: "\(name) is not well formed") }
        return value
    }
}
