import Authentication
import Cryptography
import EventLoop
import FoundationEssentials
import GuichetProtocol
import Idempotency
import IdentityDomain
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// What an operator asks of Identity on the command line.
enum IdentityCommands {
    static let all: [Command<IdentityService>] = [
        Command(
            "bootstrap",
            "--email ADDRESS --password-file FILE [--name NAME] [--show-totp]  makes the first super administrator; "
                + "shows the address of his second factor and, below it, his recovery codes"
        ) { service, _, arguments in
            let options = try Options(
                arguments, values: ["--email", "--password-file", "--name"], flags: ["--show-totp"])
            guard let email = EmailAddress(try options.required("--email")),
                let name = DisplayName(options.values["--name"] ?? "Super administrateur")
            else { throw Misuse(reason: "--email or --name is not well formed") }
            let enrolment = try await service.app.bootstrap(
                email: email, name: name, password: Options.secret(in: options.required("--password-file")),
                enrolsSecondFactor: options.flags.contains("--show-totp"))
            if let enrolment {
                print(([enrolment.uri] + enrolment.recoveryCodes.map(\.description)).joined(separator: "\n"))
            }
        },
        Command(
            "tenants",
            "create --slug S --name N --address A --time-zone Z --locale L --phone-country C [--database D] "
                + "[--admin-email E --admin-name N --admin-password-file F]  makes a tenant, once"
        ) { service, _, arguments in
            guard arguments.first == "create" else { throw Misuse(reason: "tenants can be created") }
            let draft = try Options(Array(arguments.dropFirst()), values: tenantOptions, flags: []).tenant()
            // The slug is the key: running it again with the same arguments changes nothing.
            let key = IdempotencyRecord(
                scope: "command", key: draft.slug.description,
                fingerprint: SHA256.hash(Array(arguments.joined(separator: "\n").utf8)))
            let (id, isNew) = try await made(draft, key, by: service.app)
            if isNew { try await service.app.note(.tenantCreate, on: id) }
            print(id)
        },
        Command("keys", "rotate  replaces the signing key, after the activation delay") { service, _, arguments in
            guard arguments == ["rotate"] else { throw Misuse(reason: "the only thing to do with keys is rotate") }
            try await service.app.maintainSigningKeys.rotate()
            try await service.app.note(.keysRotate)
        },
    ]

    @EventLoop private static func made(
        _ draft: CreateTenant.Draft, _ key: IdempotencyRecord?, by app: IdentityApp
    ) async throws -> (id: TenantID, isNew: Bool) {
        do {
            return try await app.createTenant(draft, key)
        } catch let fault as IdempotencyRecord.Fault where fault == .reused {
            throw Misuse(reason: "a tenant of this slug was made with other arguments")
        }
    }

    private static let tenantOptions: Set<String> = [
        "--slug", "--name", "--address", "--time-zone", "--locale", "--phone-country", "--database", "--admin-email",
        "--admin-name", "--admin-password-file",
    ]
}

extension IdentityApp {
    /// Notes what an operator did on the command line.
    fileprivate func note(_ action: AuditedAction, on object: (any CustomStringConvertible)? = nil) async throws {
        let realm = try await Realm(of: .platform, context)
        try await realm.data.query(
            Audit.record(action, by: Actor(network: .console), on: object, at: context.now()))
    }
}

/// Why the command line cannot be followed.
struct Misuse: ExitingError, CustomStringConvertible {
    let reason: String
    var exitCode: ExitCode { .usage }
    var description: String { reason }
}

extension IdentityError: ExitingError {
    /// What the arguments ask for cannot be had, but for the few that another moment may grant.
    var exitCode: ExitCode {
        switch self {
        case .hashingSaturated, .noSigningKey: .unavailable
        default: .usage
        }
    }
}

extension Options {
    /// The tenant that the options describe.
    fileprivate func tenant() throws -> CreateTenant.Draft {
        func read<Value>(_ name: String, _ parse: (String) -> Value?) throws -> Value {
            guard let value = parse(try required(name)) else { throw Misuse(reason: "\(name) is not well formed") }
            return value
        }
        var administrator: CreateTenant.Administrator?
        if values["--admin-email"] != nil {
            administrator = CreateTenant.Administrator(
                email: try read("--admin-email", EmailAddress.init), name: try read("--admin-name", DisplayName.init),
                password: try Self.secret(in: required("--admin-password-file")))
        }
        return CreateTenant.Draft(
            slug: try read("--slug") { TenantSlug($0) }, name: try read("--name", DisplayName.init),
            address: try read("--address", PostalAddress.init), timeZone: try required("--time-zone"),
            locale: try read("--locale", LanguageTag.init), phoneCountry: try read("--phone-country", CountryCode.init),
            database: values["--database"], administrator: administrator)
    }
}

/// `--name value` pairs and `--flags`.
struct Options {
    private(set) var values: [String: String] = [:]
    private(set) var flags: Set<String> = []

    init(_ arguments: [String], values names: Set<String>, flags known: Set<String>) throws {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            if known.contains(name) {
                flags.insert(name)
            } else if names.contains(name), let value = rest.popFirst() {
                values[name] = value
            } else {
                throw Misuse(reason: "\(name) is not understood, or lacks its value")
            }
        }
    }

    func required(_ name: String) throws -> String {
        guard let value = values[name] else { throw Misuse(reason: "\(name) is missing") }
        return value
    }

    /// The first line of a file: secrets are never on the command line, where every user of the machine sees them.
    static func secret(in path: String) throws -> String {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Misuse(reason: "the password file cannot be read")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Misuse(reason: "the password file is not UTF-8 text")
        }
        return String(text.prefix { !$0.isNewline })
    }
}
