import Cryptography
import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// What operators do with Identity on the command line.
enum OperatorCommands {
    static let all: [OperatorCommand<IdentityService>] = [
        OperatorCommand(
            "bootstrap",
            "--email ADDRESS --password-file FILE [--name NAME] [--show-totp]  creates the first super administrator; "
                + "--show-totp prints the address of their authenticator application and their recovery codes"
        ) { service, _, arguments in
            let options = try Options(
                arguments, values: ["--email", "--password-file", "--name"], flags: ["--show-totp"])
            let enrolment = try await service.bootstrap(
                options.superAdministrator(), enrolsSecondFactor: options.flags.contains("--show-totp"))
            if let enrolment {
                print(([enrolment.uri] + enrolment.recoveryCodes.map(\.description)).joined(separator: "\n"))
            }
        },
        OperatorCommand(
            "tenants",
            "create --slug S --name N --address A --time-zone Z --locale L --phone-country C [--database D] "
                + "[--admin-email E --admin-name N --admin-password-file F]  creates a tenant, once"
        ) { service, _, arguments in
            guard arguments.first == "create" else { throw Misuse(reason: "tenants can be created") }
            let draft = try Options(Array(arguments.dropFirst()), values: Options.ofTenants, flags: []).tenant()
            // The slug is the key: running the command again with the same arguments has no effect.
            let key = IdempotencyRecord(
                scope: "command", key: draft.slug.description,
                fingerprint: SHA256.hash(Array(arguments.joined(separator: "\n").utf8)))
            do {
                try await requirePlatform(of: service)
                print(try await service.createTenant(draft, by: .operatorOnConsole, key: key).view.id)
            } catch IdempotencyRecord.Fault.reused {
                throw Misuse(reason: "a tenant of this slug was created with other arguments")
            }
        },
        OperatorCommand("keys", "rotate  replaces the signing key, after the activation delay") {
            service, _, arguments in
            guard arguments == ["rotate"] else { throw Misuse(reason: "keys can be rotated") }
            try await requirePlatform(of: service)
            try await service.maintainSigningKeys.rotate(by: .operatorOnConsole)
        },
    ]

    /// The commands leave their audit lines in the schema of the platform's tenant. Throws ``Misuse`` without it.
    @EventLoop
    private static func requirePlatform(of service: IdentityService) async throws {
        do {
            _ = try await service.context.store(for: .platform)
        } catch TenantDirectory.Fault.unknown {
            throw Misuse(reason: "the platform's tenant does not exist: run bootstrap first")
        }
    }
}

extension IdentityError: ExitingError {
    /// Unavailable if a later attempt may succeed.
    var exitCode: ExitCode {
        switch self {
        case .hashingSaturated, .noSigningKey: .unavailable
        default: .usage
        }
    }
}
